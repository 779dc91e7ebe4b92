import Cassette
import Determinism
import Foundation
import GRDB
import Testing

@testable import CassetteStore

@Suite struct CassetteFaultTests {
    let folder: TemporaryFolder
    let path: String
    private let interactions = (1...6).map { Sample.interaction($0) }

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("a.cassette")
    }

    private func code(_ path: String) -> CassetteFileError.Code? {
        let error = #expect(throws: CassetteFileError.self) {
            _ = try CassetteReader.open(path)
        }
        #expect(error?.path == path)
        #expect(error.map { $0.message.count > 30 } == true)
        return error?.code
    }

    @Test("What is not a cassette is named for what it is, and left alone")
    func foreign() throws {
        #expect(code(path) == .missing)
        #expect(code(folder.path) == .folder)
        try write([], path)
        #expect(code(path) == .corrupt)
        try write(Array("interactions:\n- request:".utf8), path)
        #expect(code(path) == .notSQLite)
        let other = folder.file("other.sqlite")
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
        let before = try folder.listing()
        #expect(code(other) == .foreign)
        #expect(try folder.listing() == before)
    }

    @Test("A newer version is refused with the way out")
    func newer() throws {
        try Sample.packed(path, interactions)
        try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: "PRAGMA user_version = 2") }
        let before = try folder.listing()
        #expect(code(path) == .newerVersion)
        #expect(try folder.listing() == before)
    }

    @Test("A file cut at any place is refused")
    func truncation() throws {
        try Sample.packed(path, interactions)
        let bytes = try contents(path)
        var places = Places(state: 1)
        let cut = folder.file("cut.cassette")
        for length in (0..<50).map({ _ in places.below(bytes.count) }) + [0, 15, 99, 100, 4_096] {
            try write(Array(bytes.prefix(length)), cut)
            #expect(code(cut) == .corrupt, "cut after \(length)")
        }
    }

    @Test("A flipped byte is found, or makes no difference", arguments: [true, false])
    func flips(packed: Bool) throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for interaction in interactions { try writer.put(interaction) }
        if packed { try writer.pack() } else { try writer.close() }
        let bytes = try contents(path)
        let entries = MemoryStore(manifest: Sample.manifest, interactions: interactions).entries()
        var places = Places(state: 2)
        let flipped = folder.file("flipped.cassette")
        var refused = 0
        for _ in 0..<200 {
            var damaged = bytes
            let place = places.below(bytes.count)
            damaged[place] ^= UInt8(1 << places.below(8))
            try write(damaged, flipped)
            do {
                let reader = try CassetteReader.open(flipped)
                let isEqual = try Sample.all(reader) == interactions && reader.entries() == entries
                // Before packing there is no hash: bodies and structure alone are protected.
                #expect(isEqual || !packed, "byte \(place)")
            } catch let error as CassetteFileError {
                refused += 1
                #expect(
                    place < 100 || error.code == .corrupt, "byte \(place): \(error.description)")
            }
        }
        #expect(refused > 0)
    }

    @Test("A flipped byte in the log of a cut recording costs what follows it, no more")
    func flippedLog() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for interaction in interactions { try writer.put(interaction) }
        let log = try contents(path + "-wal")
        let copy = folder.file("copy.cassette")
        try write(contents(path), copy)
        var places = Places(state: 3)
        for _ in 0..<50 {
            var damaged = log
            damaged[places.below(log.count)] ^= 0x55
            try write(damaged, copy + "-wal")
            // Frames carry checksums: what precedes the damage is intact.
            let reader = try CassetteReader.open(copy)
            #expect(reader.count <= interactions.count)
            #expect(try Sample.all(reader) == Array(interactions.prefix(reader.count)))
        }
        try writer.close()
    }

    @Test("On a full disk what was stored stays, and the error says so")
    func full() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for interaction in interactions { try writer.put(interaction) }
        try writer.limit(pages: 40)
        let large = Sample.interaction(7, chunks: 30, chunkBytes: 20_000)
        let error = #expect(throws: CassetteFileError.self) { try writer.put(large) }
        #expect(error?.code == .diskFull)
        #expect(try Sample.all(CassetteReader.open(path)) == interactions)
        try writer.put(Sample.interaction(7, chunks: 1))
        try writer.pack()
        #expect(try CassetteReader.open(path).count == 7)
    }

    @Test("A second recording into the same file is refused while the first goes on")
    func twoWriters() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        try writer.put(interactions[0])
        let attempts: [(Bool, CassetteFileError.Code)] = [(false, .exists), (true, .busy)]
        for (overwrite, expected) in attempts {
            let error = #expect(throws: CassetteFileError.self) {
                _ = try CassetteWriter.create(
                    path, manifest: Sample.manifest, overwrite: overwrite)
            }
            #expect(error?.code == expected)
        }
        let error = #expect(throws: CassetteFileError.self) { _ = try CassetteWriter.resume(path) }
        #expect(error?.code == .busy)
        try writer.put(interactions[1])
        try writer.pack()
        #expect(try CassetteReader.open(path).count == 2)
        let closed = #expect(throws: CassetteFileError.self) { try writer.put(interactions[2]) }
        #expect(closed?.code == .closed)
        try CassetteWriter.create(path, manifest: Sample.manifest, overwrite: true).pack()
        #expect(try CassetteReader.open(path).count == 0)
    }

    @Test("Ordinals that do not exist and fields that cannot be stored are refused")
    func refused() throws {
        try Sample.packed(path, interactions)
        let reader = try CassetteReader.open(path)
        for ordinal in [0, -1, 7] {
            let error = #expect(throws: CassetteFileError.self) {
                _ = try reader.interaction(ordinal)
            }
            #expect(error?.code == .noSuchInteraction)
        }
        let writer = try CassetteWriter.create(folder.file("b"), manifest: Sample.manifest)
        var odd = interactions[0]
        odd.request.target = "/a\u{0}b"
        let error = #expect(throws: CassetteFileError.self) { try writer.put(odd) }
        #expect(error?.code == .unstorable)
        let nowhere = #expect(throws: CassetteFileError.self) {
            _ = try CassetteWriter.create(folder.file("no/b"), manifest: Sample.manifest)
        }
        #expect(nowhere?.code == .unwritable)
    }

    @Test("A recording that is killed has every interaction that was put")
    func killed() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
            for ordinal in 1...20 { try writer.put(Sample.interaction(ordinal)) }
            try writer.put(Sample.interaction(21, ending: .inProgress))
            kill(getpid(), SIGKILL)
        }
        let expected =
            (1...20).map { Sample.interaction($0) } + [Sample.interaction(21, ending: .inProgress)]
        let reader = try CassetteReader.open(path)
        #expect(!reader.isPacked)
        #expect(try Sample.all(reader) == expected)
        try CassetteWriter.resume(path).pack()
        #expect(try Sample.all(CassetteReader.open(path)) == expected)
    }
}
