import Determinism
import GRDB
import Judgement

extension Ledger {
    /// Writes a finished storm, all or nothing: `replays` are the saved failures in front of it.
    package func record(
        _ storm: StormRecord, replays: [ReplayRecord], runs: [RunRecord]
    ) throws(LedgerError) -> LedgerChange {
        let path = path
        return try write { db in
            let id = try StormWriter.insert(storm, runs: runs, db)
            for (number, run) in (replays.map(\.run) + runs).enumerated() {
                try StormWriter.insert(run, storm: id, number: number + 1, db)
            }
            var change = LedgerChange(storm: id)
            change.newSignatures = try StormWriter.insertSignatures(
                (replays.map(\.run) + runs).compactMap(\.failure?.signature), of: storm, id: id, db)
            var failures = FailureWriter(storm: storm, id: id, path: path, change: change)
            for replay in replays { try failures.note(replay, db) }
            for run in runs { try failures.note(run, db) }
            try db.execute(
                sql: "DELETE FROM run WHERE storm <= ?",
                arguments: [id - LedgerSchema.stormsWithRunsMax])
            return failures.change
        }
    }
}

/// Writes the rows of a storm.
enum StormWriter {
    static func insert(_ storm: StormRecord, runs: [RunRecord], _ db: Database) throws -> Int64 {
        let dirty: Int64? = storm.revision?.isDirty.map { $0 ? 1 : 0 }
        try db.execute(
            sql: """
                INSERT INTO storm (
                    started_at, revision, dirty, agent, conditions, tool, cassette, scenario,
                    digest, verdicts, score_millionths, exit_code
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                storm.startedAt, storm.revision?.commit, dirty, storm.agent, storm.conditions,
                storm.tool, storm.cassette.hex, storm.scenario, storm.digest.hex,
                counts(runs).canonicalText(), storm.scoreMillionths, Int64(storm.exitCode),
            ])
        return db.lastInsertedRowID
    }

    static func insert(_ run: RunRecord, storm: Int64, number: Int, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO run (storm, number, seed, plan, digest, verdict, signature)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            storm, number, run.seed?.description, run.plan.hex, run.digest.hex,
            run.verdict.rawValue, run.failure?.signature,
        ])
    }

    /// Those that no storm of the agent and scenario had before, in their order.
    static func insertSignatures(
        _ signatures: [String], of storm: StormRecord, id: Int64, _ db: Database
    ) throws -> [String] {
        var new: [String] = []
        for signature in signatures {
            try db.cachedStatement(
                sql: """
                    INSERT INTO signature (agent, scenario, text, first_storm) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """
            ).execute(arguments: [storm.agent, storm.scenario, signature, id])
            if db.changesCount > 0 { new.append(signature) }
        }
        return new
    }

    private static func counts(_ runs: [RunRecord]) -> JSONValue {
        .object(
            Verdict.allCases.compactMap { verdict in
                let count = runs.count { $0.verdict == verdict }
                return count == 0 ? nil : JSONMember(verdict.rawValue, .int(Int64(count)))
            })
    }
}
