import Foundation
import GRDB
import Judgement
import Testing

@testable import History

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("A ledger that cannot be used as it should")
struct LedgerFaultTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func code() -> LedgerError.Code? {
        let error = #expect(throws: LedgerError.self) {
            _ = try Ledger.open(folder: folder.path, waitMilliseconds: 20)
        }
        #expect(error?.path == folder.ledger)
        return error?.code
    }

    private func bytes() -> Data? { FileManager.default.contents(atPath: folder.ledger) }

    @Test("a file of another program is named, and left alone")
    func foreign() throws {
        try DatabaseQueue(path: folder.ledger).write { try $0.execute(sql: "CREATE TABLE t (a)") }
        let before = bytes()
        #expect(code() == .foreign)
        #expect(bytes() == before)
    }

    @Test("a newer version is refused, and left alone")
    func newer() throws {
        _ = try Ledger.open(folder: folder.path)
        try DatabaseQueue(path: folder.ledger).inDatabase {
            try $0.execute(sql: "PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let before = bytes()
        #expect(code() == .newerVersion)
        #expect(bytes() == before)
        let error = #expect(throws: LedgerError.self) {
            _ = try Ledger.openToRead(folder: folder.path)
        }
        #expect(error?.code == .newerVersion)
        #expect(error?.message.contains("install a newer stormtape") == true)
    }

    @Test("a damaged file is said to be, and never deleted")
    func damaged() throws {
        _ = try Ledger.open(folder: folder.path).record(
            Sample.storm(), replays: [], runs: (1...200).map { Sample.run($0) })
        var file = try #require(bytes())
        for place in 4_096..<8_192 { file[place] = 0xA5 }
        try file.write(to: URL(fileURLWithPath: folder.ledger))
        #expect(code() == .corrupt)
        #expect(bytes() == file)
    }

    @Test("text in place of the file is damage too")
    func text() throws {
        try folder.write(String(repeating: "not a database ", count: 400), Ledger.fileName)
        #expect(code() == .corrupt)
        #expect(bytes()?.starts(with: Data("not a".utf8)) == true)
    }

    @Test("a full disk keeps what was there, and the next storm can be written")
    func full() throws {
        let ledger = try Ledger.open(folder: folder.path)
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        try ledger.limit(pages: 1)
        let error = #expect(throws: LedgerError.self) {
            _ = try ledger.record(
                Sample.storm(), replays: [], runs: (1...5_000).map { Sample.run($0, .hung) })
        }
        #expect(error?.code == .diskFull)
        try ledger.limit(pages: 1_000_000)
        let change = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1)])
        #expect(change.storm == 2)
        #expect(try ledger.failingPlans().map(\.times) == [1])
    }

    @Test("where nothing can be written an error says so", .enabled(if: getuid() != 0))
    func readOnlyFolder() throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o500], ofItemAtPath: folder.path)
        #expect(code() == .unwritable)
    }

    @Test("a file in the place of the folder is an error", arguments: ["taken", "taken/below"])
    func fileAsFolder(name: String) throws {
        try folder.write("", "taken")
        let error = #expect(throws: LedgerError.self) {
            _ = try Ledger.open(folder: folder.path + "/" + name)
        }
        #expect(error?.code == .unwritable)
    }

    @Test("a missing ledger cannot be read, and is not made")
    func missing() {
        let error = #expect(throws: LedgerError.self) {
            _ = try Ledger.openToRead(folder: folder.path)
        }
        #expect(error?.code == .missing)
        #expect(bytes() == nil)
    }

    @Test("who keeps the file locked is waited for, but not for ever")
    func locked() throws {
        let ledger = try Ledger.open(folder: folder.path, waitMilliseconds: 20)
        try DatabaseQueue(path: folder.ledger).inTransaction(.immediate) { _ in
            let error = #expect(throws: LedgerError.self) {
                _ = try ledger.record(Sample.storm(), replays: [], runs: [])
            }
            #expect(error?.code == .busy)
            return .rollback
        }
        #expect(try ledger.record(Sample.storm(), replays: [], runs: []).storm == 1)
    }

    @Test("storms that end at the same time are all kept")
    func concurrency() async throws {
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...8 {
                group.addTask {
                    // Each has a connection of its own, and the first ones make the file.
                    for round in 0..<5 {
                        _ = try Ledger.open(folder: path).record(
                            Sample.storm(), replays: [],
                            runs: [Sample.run(UInt64(number * 100 + round), .hung)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let count = try Ledger.openToRead(folder: path).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM storm")
        }
        #expect(count == 40)
    }

    @Test("a storm that was torn by kill -9 left no trace")
    func torn() throws {
        let ledger = try Ledger.open(folder: folder.path)
        _ = try ledger.record(Sample.storm(), replays: [], runs: [Sample.run(1, .hung)])
        // What kill -9 leaves: a log whose last transaction has no end. Files are copied while one
        // is open, and that connection is forgotten.
        let copy = folder.path + "/copy"
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: true)
        try ledger.write { db in
            try db.execute(sql: "PRAGMA cache_spill = 1")
            for number in 1...3_000 {
                try StormWriter.insert(
                    Sample.run(UInt64(number)), storm: 1, number: number + 1, db)
            }
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: folder.ledger + suffix,
                    toPath: copy + "/" + Ledger.fileName + suffix)
            }
        }
        let left = try Ledger.open(folder: copy)
        let count = try left.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") }
        #expect(count == 1)
        #expect(try left.failingPlans().count == 1)
        #expect(try left.record(Sample.storm(), replays: [], runs: []).storm == 2)
    }
}
