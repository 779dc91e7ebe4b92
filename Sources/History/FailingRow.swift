import Determinism
import GRDB

/// A row of the failing plans, with what only the ledger itself needs.
struct FailingRow {
    var plan: FailingPlan
    var lastStorm: Int64
    var passes: Int64
    /// The sources of the storm that saw it fail last.
    var failedOn: Revision?

    private static let columns = """
        SELECT failing_plan.*, first.started_at AS first_seen, last.started_at AS last_seen,
            last.revision AS revision, last.dirty AS dirty, mended.started_at AS mended_at
        FROM failing_plan
        JOIN storm AS first ON first.id = first_storm
        JOIN storm AS last ON last.id = last_storm
        LEFT JOIN storm AS mended ON mended.id = mended_storm

        """

    static func fetch(_ id: Int64, path: String, _ db: Database) throws -> FailingRow? {
        try fetch(where: "failing_plan.id = ?", [id], path: path, db).first
    }

    static func fetch(
        cassette: String, agent: String, plan: String, path: String, _ db: Database
    ) throws -> FailingRow? {
        try fetch(
            where: "failing_plan.cassette = ? AND failing_plan.agent = ? AND plan = ?",
            [cassette, agent, plan], path: path, db
        ).first
    }

    /// The rows that meet a condition, in the order of their numbers.
    static func fetch(
        where condition: String, _ arguments: StatementArguments, path: String, _ db: Database
    ) throws -> [FailingRow] {
        let sql = columns + "WHERE " + condition + " ORDER BY failing_plan.id"
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map {
            try FailingRow(LedgerRow(row: $0, path: path))
        }
    }

    private init(_ row: LedgerRow) throws(LedgerError) {
        plan = FailingPlan(
            id: try row.integer("id"), cassette: try row.digest("cassette"),
            scenario: try row.text("scenario"), agent: try row.text("agent"),
            blob: try row.text("blob"), signature: try row.text("signature"),
            reproduce: try row.text("reproduce"), firstSeen: try row.text("first_seen"),
            lastSeen: try row.text("last_seen"), times: try row.integer("times"),
            mendedAt: try row.optionalText("mended_at"))
        lastStorm = try row.integer("last_storm")
        passes = try row.integer("passes")
        failedOn = try row.revision()
    }
}

/// Reads the columns of one row; a value of the wrong type means that the file is damaged.
struct LedgerRow {
    let row: Row
    let path: String

    func text(_ column: String) throws(LedgerError) -> String {
        guard let text = try optionalText(column) else { throw damaged(column) }
        return text
    }

    func optionalText(_ column: String) throws(LedgerError) -> String? {
        switch try value(column) {
        case .null: return nil
        case .string(let text): return text
        default: throw damaged(column)
        }
    }

    func integer(_ column: String) throws(LedgerError) -> Int64 {
        guard let number = try optionalInteger(column) else { throw damaged(column) }
        return number
    }

    func optionalInteger(_ column: String) throws(LedgerError) -> Int64? {
        switch try value(column) {
        case .null: return nil
        case .int64(let number): return number
        default: throw damaged(column)
        }
    }

    func digest(_ column: String) throws(LedgerError) -> Digest {
        guard let digest = Digest(hex: try text(column)) else { throw damaged(column) }
        return digest
    }

    func choice<Value: RawRepresentable<String>>(
        _ column: String, _ type: Value.Type
    ) throws(LedgerError) -> Value {
        guard let value = Value(rawValue: try text(column)) else { throw damaged(column) }
        return value
    }

    func revision() throws(LedgerError) -> Revision? {
        guard let commit = try optionalText("revision") else { return nil }
        return Revision(commit: commit, isDirty: try optionalInteger("dirty").map { $0 != 0 })
    }

    func damaged(_ column: String) -> LedgerError {
        .corrupt(path, "column \(column) holds what no storm writes")
    }

    private func value(_ column: String) throws(LedgerError) -> DatabaseValue.Storage {
        guard row.hasColumn(column) else { throw damaged(column) }
        return (row[column] as DatabaseValue).storage
    }
}
