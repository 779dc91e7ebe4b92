import Cassette
import Determinism
import Foundation
import GRDB

/// Writes a recording anew: canonical order, no unreferenced blob, no log beside it.
struct CassettePacker {
    let path: String
    let source: DatabaseQueue
    let manifest: Manifest

    private var temporaryPath: String { path + ".packing" }

    /// Packs, replaces the file, closes the source, and returns the cassette hash.
    func run() throws -> Digest {
        remove(temporaryPath)
        do {
            let hash = try write()
            try synchronize(path: temporaryPath)
            // Without its log the old file is whole, and no log can be taken for one of the new.
            try source.inDatabase { db in
                let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                guard mode == "delete" else { throw CassetteFileError.busy(path) }
            }
            try source.close()
            try replace()
            return hash
        } catch {
            remove(temporaryPath)
            throw error
        }
    }

    private func write() throws -> Digest {
        let target = try DatabaseQueue(path: temporaryPath, configuration: .cassette())
        let hash = try source.read { origin in
            // A failed attempt is thrown away whole, so that no journal is needed.
            try target.inDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            }
            return try target.write { db in try copy(from: origin, into: db) }
        }
        try target.inDatabase { db in
            try db.execute(sql: "VACUUM; PRAGMA journal_mode = DELETE")
        }
        try target.close()
        return hash
    }

    private func copy(from origin: Database, into db: Database) throws -> Digest {
        try CassetteSchema.create(db)
        let interactions = try InteractionSequence(CassetteTables(path: path), origin)
        var hasher = CassetteHasher(manifest: manifest)
        let index = try TapeIndex.derive(from: interactions) { interaction in
            hasher.append(interaction)
            try InteractionRow.write(interaction, db)
        }
        for entry in index.entries { try InteractionRow.writeIndex(entry, db) }
        let text = String(decoding: CanonicalText.encode(manifest: manifest), as: UTF8.self)
        try CassetteSchema.setMeta(.manifest, text, db)
        try CassetteSchema.setMeta(.hash, hasher.value.hex, db)
        try CassetteSchema.setMeta(.indexVersion, String(CassetteSchema.indexVersion), db)
        try CassetteSchema.setMeta(.indexHash, index.digest.hex, db)
        try CassetteSchema.setMeta(.knownIdentifiers, index.identifiersText, db)
        return hasher.value
    }

    private func replace() throws(CassetteFileError) {
        guard rename(temporaryPath, path) == 0 else {
            throw CassetteFileError(
                .unwritable, path: path,
                "the packed cassette could not be put in place; the recording is still there, "
                    + "not packed", cause: String(cString: strerror(errno)))
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try synchronize(path: folder)
    }

    private func remove(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }
}
