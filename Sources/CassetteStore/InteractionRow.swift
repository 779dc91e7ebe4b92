import Cassette
import Determinism
import Foundation
import GRDB

/// Writes interactions into the tables.
enum InteractionRow {
    private static let columns = [
        "ordinal", "upstream", "started_ns", "method", "target", "request_headers", "request_body",
        "ending", "agent_left_after_bytes", "status", "reason", "response_headers", "head_ns",
        "body", "layout", "trailers", "end_ns",
    ]

    private static let upsert: String = {
        let names = columns.joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let updates = columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return "INSERT INTO interaction (\(names)) VALUES (\(marks)) "
            + "ON CONFLICT (ordinal) DO UPDATE SET \(updates)"
    }()

    /// Writes the row and the blobs it names.
    ///
    /// With `bodyInPieces` the response's body is left out: it stands in the piece table.
    static func write(
        _ interaction: Interaction, bodyInPieces: Bool = false, _ db: Database
    ) throws {
        let request = interaction.request
        let response = interaction.response
        let body: (any DatabaseValueConvertible)? =
            bodyInPieces ? nil : try response.map { try storeBlob($0.body, db) }
        let layout = bodyInPieces ? nil : response.map { CanonicalText.json(layoutOf: $0.chunks) }
        let arguments: StatementArguments = [
            interaction.ordinal, interaction.upstream, interaction.startedAt.nanoseconds,
            request.method, request.target, CanonicalText.json(request.headers).canonicalText(),
            try storeBlob(request.body, db), interaction.ending.rawValue,
            interaction.agentLeftAfterBytes, response?.status, response?.reason,
            response.map { CanonicalText.json($0.headers).canonicalText() },
            response?.headAt.nanoseconds, body, layout?.canonicalText(),
            response.map { CanonicalText.json($0.trailers).canonicalText() },
            response?.endAt.nanoseconds,
        ]
        try db.cachedStatement(sql: upsert).execute(arguments: arguments)
    }

    /// SQLite's text ends at a NUL; headers and bodies are stored in ways that have no such limit.
    static func unstorableField(of interaction: Interaction) -> String? {
        let fields = [
            ("upstream", interaction.upstream), ("method", interaction.request.method),
            ("target", interaction.request.target), ("reason", interaction.response?.reason ?? ""),
        ]
        return fields.first { $0.1.utf8.contains(0) }?.0
    }

    static func writePieces(
        _ chunks: ArraySlice<Chunk>, ordinal: Int, _ db: Database
    ) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO piece (ordinal, sequence, at_ns, bytes) VALUES (?, ?, ?, ?)")
        for (sequence, chunk) in zip(chunks.indices, chunks) {
            try statement.execute(
                arguments: [ordinal, sequence, chunk.at.nanoseconds, Data(chunk.bytes)])
        }
    }

    static func deletePieces(ordinal: Int, from sequence: Int = 0, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM piece WHERE ordinal = ? AND sequence >= ?")
            .execute(arguments: [ordinal, sequence])
    }

    static func writeIndex(_ entry: TapeEntry, _ db: Database) throws {
        let sql = """
            UPDATE interaction SET fingerprint = ?, exact = ?, take = ?, call = ?, model = ?, \
            stream = ? WHERE ordinal = ?
            """
        try db.cachedStatement(sql: sql).execute(arguments: [
            Data(entry.fingerprint.bytes), Data(entry.exact.bytes), entry.take, entry.call,
            entry.model, entry.stream, entry.ordinal,
        ])
    }

    private static func storeBlob(_ bytes: [UInt8], _ db: Database) throws -> Data {
        let hash = Data(Digest(hashing: bytes).bytes)
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO blob (hash, bytes) VALUES (?, ?)")
            .execute(arguments: [hash, Data(bytes)])
        return hash
    }
}
