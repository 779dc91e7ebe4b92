import Determinism
import GRDB
import Judgement

extension Ledger {
    /// So many storms are looked at, the latest ones.
    private static let stormsMax = 2_000

    /// The trend over the last points, of one scenario or of all.
    package func trend(last: Int, scenario: String? = nil) throws(LedgerError) -> Trend {
        let path = path
        return try read { db in
            let storms = try Ledger.storms(scenario: scenario, path: path, db)
            return Trend(
                points: Array(TrendBuilder.points(storms).suffix(max(0, last))),
                mendedCount: try Ledger.count("mended_storm IS NOT NULL", scenario: scenario, db),
                openCount: try Ledger.count("mended_storm IS NULL", scenario: scenario, db))
        }
    }

    private static func count(
        _ condition: String, scenario: String?, _ db: Database
    ) throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM failing_plan
                WHERE \(condition) AND (?1 IS NULL OR scenario = ?1)
                """,
            arguments: [scenario]) ?? 0
    }

    private static func storms(
        scenario: String?, path: String, _ db: Database
    ) throws -> [PastStorm] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, started_at, revision, dirty, agent, conditions, tool, cassette,
                    scenario, score_millionths
                FROM storm WHERE ?1 IS NULL OR scenario = ?1
                ORDER BY id DESC LIMIT \(stormsMax)
                """,
            arguments: [scenario])
        return try rows.reversed().map { row in
            let values = LedgerRow(row: row, path: path)
            let id = try values.integer("id")
            return PastStorm(
                id: id, startedAt: try values.text("started_at"),
                revision: try values.revision(), agent: try values.text("agent"),
                conditions: try values.text("conditions"), tool: try values.text("tool"),
                cassette: try values.digest("cassette"), scenario: try values.text("scenario"),
                scoreMillionths: try values.optionalInteger("score_millionths"),
                newFailures: try String.fetchAll(
                    db, sql: "SELECT text FROM signature WHERE first_storm = ? ORDER BY text",
                    arguments: [id]),
                runs: try runs(of: id, path: path, db))
        }
    }

    private static func runs(of storm: Int64, path: String, _ db: Database) throws -> [PastRun] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT seed, plan, digest, verdict, signature FROM run
                WHERE storm = ? ORDER BY number
                """)
        return try Row.fetchAll(statement, arguments: [storm]).map { row in
            let values = LedgerRow(row: row, path: path)
            let seed = try values.optionalText("seed").map { text in
                guard let seed = Seed(text: text) else { throw values.damaged("seed") }
                return seed
            }
            return PastRun(
                seed: seed, plan: try values.digest("plan"), digest: try values.digest("digest"),
                verdict: try values.choice("verdict", Verdict.self),
                signature: try values.optionalText("signature"))
        }
    }
}
