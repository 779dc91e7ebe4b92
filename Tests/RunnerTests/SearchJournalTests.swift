import Determinism
import Foundation
import Judgement
import Search
import Testing

@testable import Runner

@Suite("The journal of a search")
struct SearchJournalTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "stormtape-journal-\(UUID().uuidString)").path
    private let identity: JSONValue = ["cassette": "a"]
    private let plans = (0..<3).map { Digest(hashing: [UInt8($0)]) }

    private func seen(_ number: UInt8) -> Observation {
        Observation(
            verdict: .passed, digest: Digest(hashing: [100 + number]), rules: [.held, .unjudged],
            grade: .b)
    }

    @Test("remembers what was seen, and drops a line that was cut off")
    func remembers() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path: String
        do {
            let journal = try SearchJournal(folder: folder, identity: identity)
            for (number, plan) in plans.enumerated() {
                try journal.add(seen(UInt8(number)), of: plan)
            }
            path = journal.path
        }
        let whole = try Data(contentsOf: URL(filePath: path))
        for cut in [1, 10, 60] {
            try whole.dropLast(cut).write(to: URL(filePath: path))
            let journal = try SearchJournal(folder: folder, identity: identity)
            #expect(journal.found == 2)
            #expect(journal.observation(of: plans[0]) == seen(0))
            #expect(journal.observation(of: plans[2]) == nil)
            // What is added now stands on a line of its own.
            try journal.add(seen(2), of: plans[2])
            #expect(try Data(contentsOf: URL(filePath: path)) == whole)
        }
    }

    @Test("belongs to one search: another agent, cassette or version has another")
    func isOwn() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try SearchJournal(folder: folder, identity: identity)
        try journal.add(seen(0), of: plans[0])
        let other = try SearchJournal(folder: folder, identity: ["cassette": "b"])
        #expect(other.found == 0)
        #expect(other.path != journal.path)
        let ignored = try Data(contentsOf: URL(filePath: folder + "/.gitignore"))
        #expect(ignored == Data("*\n".utf8), "no journal gets into a repository")
    }

    @Test("is held by one search at a time")
    func isHeld() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try SearchJournal(folder: folder, identity: identity)
        #expect(throws: RunnerError.self) {
            try SearchJournal(folder: folder, identity: identity)
        }
        #expect(journal.found == 0)
    }

    @Test("is forgotten on demand")
    func restarts() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let journal = try SearchJournal(folder: folder, identity: identity)
            try journal.add(seen(0), of: plans[0])
        }
        let journal = try SearchJournal(folder: folder, identity: identity, restart: true)
        #expect(journal.found == 0)
        try journal.add(seen(1), of: plans[1])
        #expect(journal.observation(of: plans[0]) == nil)
    }

    @Test("that can be written no more says so once, and keeps what was whole")
    func isFull() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let journal = try SearchJournal(folder: folder, identity: identity)
            try journal.add(seen(0), of: plans[0])
            let full = open("/dev/full", O_RDWR | O_CLOEXEC)
            try #require(full >= 0)
            #expect(dup2(full, journal.descriptor) == journal.descriptor)
            close(full)
            let error = #expect(throws: RunnerError.self) {
                try journal.add(seen(1), of: plans[1])
            }
            #expect(error?.code == .cannotStart)
            try journal.add(seen(2), of: plans[2])
            #expect(journal.observation(of: plans[2]) == seen(2))
        }
        let later = try SearchJournal(folder: folder, identity: identity)
        #expect(later.found == 1)
    }

    @Test("that cannot be kept is told apart from one that is held")
    func isRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: folder + "/file"))
        let refused = #expect(throws: RunnerError.self) {
            try SearchJournal(folder: folder + "/file", identity: identity)
        }
        #expect(refused?.code == .cannotStart)
        let journal = try SearchJournal(folder: folder, identity: identity)
        let held = #expect(throws: RunnerError.self) {
            try SearchJournal(folder: folder, identity: identity)
        }
        #expect(held?.code == .usage)
        #expect(journal.found == 0)
    }
}
