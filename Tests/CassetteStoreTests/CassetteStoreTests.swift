import Cassette
import Determinism
import Foundation
import GRDB
import Testing

@testable import CassetteStore

@Suite struct CassetteStoreTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("a.cassette")
    }

    private var interactions: [Interaction] {
        var list = (1...8).map { Sample.interaction($0) }
        list[2].response = nil
        list[2].ending = .unreachable
        list[3].response?.chunks = []
        list[4].response?.trailers = [HeaderField("x-sum", "é\"\u{1}")]
        list[4].agentLeftAfterBytes = 17
        list[5].ending = .inProgress
        list[6].request.body = [0xFF, 0x00, 0xFE]
        return list
    }

    @Test("What was put is read back, before and after packing")
    func roundTrip() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for interaction in interactions.reversed() { try writer.put(interaction) }
        try writer.setAgentStatus(.code(3))
        var manifest = Sample.manifest
        manifest.agentStatus = .code(3)
        let open = try CassetteReader.open(path)
        #expect(!open.isPacked)
        #expect(try Sample.all(open) == interactions)
        #expect(open.manifest == manifest)
        let hash = try writer.pack()
        let packed = try CassetteReader.open(path)
        #expect(packed.isPacked)
        #expect(try Sample.all(packed) == interactions)
        #expect(packed.manifest == manifest)
        #expect(hash == CanonicalText.cassetteHash(manifest: manifest, interactions: interactions))
        #expect(packed.hash == hash && open.hash == hash)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.cassette"])
    }

    @Test("A file is the same store as memory: rows, identifiers and hash")
    func sameAsMemory() throws {
        try Sample.packed(path, interactions)
        let reader = try CassetteReader.open(path)
        let memory = MemoryStore(manifest: Sample.manifest, interactions: interactions)
        #expect(reader.entries() == memory.entries())
        #expect(reader.knownIdentifiers == memory.knownIdentifiers)
        #expect(!reader.knownIdentifiers.isEmpty)
        #expect(reader.hash == memory.hash)
    }

    @Test("A growing stream is appended piece by piece, and its last form holds")
    func growing() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        let whole = Sample.interaction(1, chunks: 40)
        for count in 0...40 {
            var part = whole
            part.ending = .inProgress
            part.response?.chunks = Array(whole.response?.chunks.prefix(count) ?? [])
            try writer.put(part)
            if count % 13 == 0 {
                #expect(try CassetteReader.open(path).interaction(1) == part)
            }
        }
        var changed = whole
        changed.ending = .inProgress
        changed.response?.chunks[10].bytes = [1]
        changed.response?.chunks.removeLast(5)
        try writer.put(changed)
        #expect(try CassetteReader.open(path).interaction(1) == changed)
        try writer.put(whole)
        try writer.pack()
        #expect(try Sample.all(CassetteReader.open(path)) == [whole])
        let queue = try DatabaseQueue(path: path, configuration: .cassette(isReadOnly: true))
        let counts = try queue.read { db in
            try Int.fetchAll(
                db, sql: "SELECT count(*) FROM blob UNION ALL SELECT count(*) FROM piece")
        }
        #expect(counts == [2, 0])
    }

    @Test("Interactions missing from a cut recording leave no gap in the numbers")
    func gaps() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for ordinal in [2, 5, 9] { try writer.put(Sample.interaction(ordinal)) }
        let open = try CassetteReader.open(path)
        #expect(try Sample.all(open).map(\.ordinal) == [1, 2, 3])
        let hash = try writer.pack()
        #expect(hash == open.hash)
        #expect(try CassetteReader.open(path).entries().map(\.ordinal) == [1, 2, 3])
    }

    @Test(
        "Opening writes nothing, whatever the state of the recording",
        arguments: ["packed", "closed", "open"])
    func nothingWritten(state: String) throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for interaction in interactions { try writer.put(interaction) }
        if state == "packed" { try writer.pack() }
        if state == "closed" { try writer.close() }
        let before = try folder.listing()
        #expect(before.contains { $0.contains("-wal") } == (state == "open"))
        let reader = try CassetteReader.open(path)
        #expect(try Sample.all(reader) == interactions)
        #expect(try folder.listing() == before)
        try writer.close()
    }

    @Test("A packed file opens from a read-only folder")
    func readOnly() throws {
        try Sample.packed(path, interactions)
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
        try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer {
            try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        }
        #expect(try Sample.all(CassetteReader.open(path)) == interactions)
    }

    @Test("The text form goes out and comes back with the same hash")
    func text() throws {
        let hash = try Sample.packed(path, interactions)
        let text = try CassetteText.export(CassetteReader.open(path))
        #expect(Digest(hashing: text) == hash)
        let other = folder.file("b.cassette")
        #expect(try CassetteText.import(text, to: other) == hash)
        #expect(try CassetteText.export(CassetteReader.open(other)) == text)
        #expect(throws: CanonicalTextError.self) {
            try CassetteText.import(Array(text.dropLast(30)), to: folder.file("c.cassette"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("c.cassette")))
    }

    @Test("A recording that was cut can be resumed and packed")
    func resume() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        for interaction in interactions { try writer.put(interaction) }
        try writer.close()
        try CassetteWriter.resume(path).pack()
        #expect(try Sample.all(CassetteReader.open(path)) == interactions)
        let again = try CassetteWriter.resume(path)
        try again.put(Sample.interaction(9))
        try again.pack()
        #expect(try CassetteReader.open(path).count == 9)
    }

    @Test("One reader serves several threads")
    func threads() async throws {
        try Sample.packed(path, interactions)
        let reader = try CassetteReader.open(path)
        let expected = interactions
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask { try reader.interaction(index % 8 + 1) == expected[index % 8] }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results == Array(repeating: true, count: 64))
    }

    @Test("Ten thousand interactions are recorded, packed and read back")
    func many() throws {
        let writer = try CassetteWriter.create(path, manifest: Sample.manifest)
        let started = ContinuousClock.now
        for ordinal in 1...10_000 { try writer.put(Sample.interaction(ordinal, chunks: 1)) }
        let stored = ContinuousClock.now
        try writer.pack()
        let packed = ContinuousClock.now
        let reader = try CassetteReader.open(path)
        let opened = ContinuousClock.now
        #expect(reader.count == 10_000)
        for ordinal in stride(from: 1, through: 10_000, by: 97) {
            #expect(try reader.interaction(ordinal) == Sample.interaction(ordinal, chunks: 1))
        }
        // Far above what a debug build needs; a missing index or journal would exceed it.
        #expect(stored - started < .seconds(60), "put")
        #expect(packed - stored < .seconds(120), "pack")
        #expect(opened - packed < .seconds(120), "open")
    }
}
