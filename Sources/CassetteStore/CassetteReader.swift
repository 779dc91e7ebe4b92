package import Cassette
package import Determinism
import Foundation
import GRDB

/// Reads a cassette file; opening and reading write nothing beside it.
///
/// May be used from several threads.
package final class CassetteReader: InteractionStore {
    /// The file.
    package let path: String
    /// What the cassette says of itself.
    package let manifest: Manifest
    /// SHA-256 over the canonical text form.
    package let hash: Digest
    /// Whether the recording was finished and packed.
    package let isPacked: Bool
    /// The identifiers that a response introduced.
    package let knownIdentifiers: Set<String>
    private let ordinals: [Int64]
    private let rows: [TapeEntry]
    private let queue: DatabaseQueue

    private init(path: String, queue: DatabaseQueue, contents: Contents) {
        self.path = path
        self.queue = queue
        manifest = contents.manifest
        hash = contents.hash
        isPacked = contents.isPacked
        knownIdentifiers = contents.index.knownIdentifiers
        ordinals = contents.ordinals
        rows = contents.index.entries
    }

    /// Opens a cassette; one that is below 8 MiB, or not packed, is verified whole.
    package static func open(_ path: String) throws(CassetteFileError) -> CassetteReader {
        let check = try FileCheck.run(path)
        do {
            let queue = try check.needsCopy ? copied(path) : opened(path)
            let isVerified = check.byteCount < CassetteSchema.verifiedBytesMax
            let contents = try queue.read { db in
                try Contents(db, path: path, isVerified: isVerified)
            }
            return CassetteReader(path: path, queue: queue, contents: contents)
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    /// How many interactions there are.
    package var count: Int { ordinals.count }

    /// One row an interaction, in ordinal order.
    package func entries() -> [TapeEntry] { rows }

    /// The interaction with this ordinal, from 1.
    package func interaction(_ ordinal: Int) throws(CassetteFileError) -> Interaction {
        guard ordinal >= 1, ordinal <= ordinals.count else {
            throw CassetteFileError(
                .noSuchInteraction, path: path,
                "there is no interaction \(ordinal); the cassette has \(ordinals.count), from 1")
        }
        let stored = ordinals[ordinal - 1]
        do {
            return try queue.read { db in
                try CassetteTables(path: path).interaction(stored: stored, as: ordinal, db)
            }
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    private static func opened(_ path: String) throws -> DatabaseQueue {
        try DatabaseQueue(path: path, configuration: .cassette(isReadOnly: true))
    }

    /// Opens a private copy: SQLite would write beside a file that has a log.
    private static func copied(_ path: String) throws -> DatabaseQueue {
        let files = FileManager.default
        let folder = files.temporaryDirectory
            .appendingPathComponent("stormtape-\(UUID().uuidString)")
        try files.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        // The open file outlives its name; nothing is left behind, however we end.
        defer { try? files.removeItem(at: folder) }
        let copy = folder.appendingPathComponent("copy").path
        // The file before its log: a recording in progress changes only the log.
        for suffix in ["", "-wal", "-journal"] where files.fileExists(atPath: path + suffix) {
            try files.copyItem(atPath: path + suffix, toPath: copy + suffix)
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy + suffix)
        }
        let queue = try DatabaseQueue(path: copy, configuration: .cassette())
        try queue.inDatabase { db in
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = MEMORY")
            guard mode == "memory" else {
                throw CassetteFileError.corrupt(path, "the log could not be read: \(mode ?? "")")
            }
        }
        return queue
    }
}

/// What is read when a file is opened.
private struct Contents {
    var manifest: Manifest
    var hash: Digest
    var isPacked: Bool
    var ordinals: [Int64]
    var index: TapeIndex

    init(_ db: Database, path: String, isVerified: Bool) throws {
        if isVerified { try Self.quickCheck(db, path: path) }
        let tables = CassetteTables(path: path)
        manifest = try tables.manifest(db)
        ordinals = try tables.storedOrdinals(db)
        let storedHash = try CassetteSchema.meta(.hash, db)
        isPacked = storedHash != nil
        let storedIndex = try isPacked ? TapeIndex.read(db, path: path) : nil
        if let storedHash, let storedIndex, !isVerified {
            guard let digest = Digest(hex: storedHash) else {
                throw CassetteFileError.corrupt(path, "the hash is unreadable")
            }
            hash = digest
            index = storedIndex
            return
        }
        (hash, index) = try Self.derive(db, tables: tables, manifest: manifest)
        guard let storedHash else { return }
        guard storedHash == hash.hex else {
            throw CassetteFileError.corrupt(path, "the content does not have the stored hash")
        }
        guard ordinals.indices.allSatisfy({ ordinals[$0] == Int64($0 + 1) }) else {
            throw CassetteFileError.corrupt(path, "the ordinals have gaps")
        }
        if let storedIndex {
            guard storedIndex.digest == index.digest,
                try CassetteSchema.meta(.indexHash, db) == index.digest.hex
            else { throw CassetteFileError.corrupt(path, "the index does not fit the content") }
        }
    }

    private static func derive(
        _ db: Database, tables: CassetteTables, manifest: Manifest
    ) throws -> (Digest, TapeIndex) {
        var hasher = CassetteHasher(manifest: manifest)
        let interactions = try InteractionSequence(tables, db)
        let index = try TapeIndex.derive(from: interactions) { hasher.append($0) }
        return (hasher.value, index)
    }

    private static func quickCheck(_ db: Database, path: String) throws {
        let report = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard report == "ok" else {
            throw CassetteFileError.corrupt(path, report ?? "quick_check says nothing")
        }
    }
}
