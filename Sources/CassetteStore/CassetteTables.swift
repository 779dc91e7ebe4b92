import Cassette
import Determinism
import Foundation
import GRDB

/// Reads what the tables hold, and checks each blob against its hash.
struct CassetteTables {
    let path: String

    func manifest(_ db: Database) throws -> Manifest {
        guard let text = try CassetteSchema.meta(.manifest, db) else {
            throw CassetteFileError.corrupt(path, "the manifest is missing")
        }
        do {
            return try CanonicalText.decodeManifest(Array(text.utf8))
        } catch {
            throw CassetteFileError.corrupt(path, "the manifest: \(error)")
        }
    }

    /// The ordinals as they are stored; one left by kill -9 may have gaps.
    func storedOrdinals(_ db: Database) throws -> [Int64] {
        try Row.fetchAll(db, sql: "SELECT ordinal FROM interaction ORDER BY ordinal").map {
            try RowValues(row: $0, path: path).integer("ordinal")
        }
    }

    /// The interaction stored as `stored`, numbered as `ordinal`.
    func interaction(stored: Int64, as ordinal: Int, _ db: Database) throws -> Interaction {
        let statement = try db.cachedStatement(sql: "SELECT * FROM interaction WHERE ordinal = ?")
        guard let row = try Row.fetchOne(statement, arguments: [stored]) else {
            throw CassetteFileError.corrupt(path, "interaction \(ordinal) is missing")
        }
        let values = RowValues(row: row, path: path)
        guard let ending = Ending(rawValue: try values.string("ending")) else {
            throw values.damaged("ending")
        }
        let request = RecordedRequest(
            method: try values.string("method"), target: try values.string("target"),
            headers: try values.headers("request_headers"),
            body: try blob(values.bytes("request_body"), db))
        return Interaction(
            ordinal: ordinal, upstream: try values.string("upstream"),
            startedAt: SimInstant(nanoseconds: try values.integer("started_ns")), request: request,
            response: try response(values, stored: stored, db), ending: ending,
            agentLeftAfterBytes: try values.optionalInteger("agent_left_after_bytes").map(Int.init))
    }

    private func response(
        _ values: RowValues, stored: Int64, _ db: Database
    ) throws -> RecordedResponse? {
        guard let status = try values.optionalInteger("status") else { return nil }
        return RecordedResponse(
            status: Int(status), reason: try values.string("reason"),
            headers: try values.headers("response_headers"),
            headAt: SimDuration(nanoseconds: try values.integer("head_ns")),
            chunks: try chunks(values, stored: stored, db),
            trailers: try values.headers("trailers"),
            endAt: SimDuration(nanoseconds: try values.integer("end_ns")))
    }

    private func chunks(_ values: RowValues, stored: Int64, _ db: Database) throws -> [Chunk] {
        guard let hash = try values.optionalBytes("body") else {
            return try pieces(stored: stored, db)
        }
        let body = try blob(hash, db)
        guard let chunks = CanonicalText.chunks(try values.json("layout"), of: body) else {
            throw values.damaged("layout")
        }
        return chunks
    }

    private func pieces(stored: Int64, _ db: Database) throws -> [Chunk] {
        let statement = try db.cachedStatement(
            sql: "SELECT at_ns, bytes FROM piece WHERE ordinal = ? ORDER BY sequence")
        return try Row.fetchAll(statement, arguments: [stored]).map { row in
            let values = RowValues(row: row, path: path)
            return Chunk(
                at: SimDuration(nanoseconds: try values.integer("at_ns")),
                bytes: try values.bytes("bytes"))
        }
    }

    private func blob(_ hash: [UInt8], _ db: Database) throws -> [UInt8] {
        let statement = try db.cachedStatement(sql: "SELECT bytes FROM blob WHERE hash = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Data(hash)]) else {
            throw CassetteFileError.corrupt(path, "a body is missing")
        }
        let bytes = try RowValues(row: row, path: path).bytes("bytes")
        guard Digest(hashing: bytes).bytes == hash else {
            throw CassetteFileError.corrupt(path, "a body does not have its hash")
        }
        return bytes
    }
}

/// The interactions of a file in order, one in memory at a time; stops at the first error.
final class InteractionSequence: Sequence {
    private let tables: CassetteTables
    private let ordinals: [Int64]
    private let db: Database
    private(set) var failure: (any Error)?

    init(_ tables: CassetteTables, _ db: Database) throws {
        self.tables = tables
        self.db = db
        ordinals = try tables.storedOrdinals(db)
    }

    var count: Int { ordinals.count }

    func makeIterator() -> AnyIterator<Interaction> {
        var index = 0
        return AnyIterator { [self] in
            guard index < ordinals.count, failure == nil else { return nil }
            do {
                let interaction = try tables.interaction(
                    stored: ordinals[index], as: index + 1, db)
                index += 1
                return interaction
            } catch {
                failure = error
                return nil
            }
        }
    }

    /// Throws what ended an iteration early.
    func rethrow() throws {
        if let failure { throw failure }
    }
}
