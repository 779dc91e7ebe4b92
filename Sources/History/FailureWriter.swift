import Determinism
import GRDB
import Judgement

/// Keeps the failing plans up to date while a storm is written.
struct FailureWriter {
    /// How many plans that fail in the same way are kept.
    static let plansOfSignatureMax = 3
    /// After how many passes in a row, on changed sources, a plan counts as mended.
    static let passesToMend: Int64 = 2

    let storm: StormRecord
    let id: Int64
    let path: String
    var change: LedgerChange

    /// A saved failure was run again.
    mutating func note(_ replay: ReplayRecord, _ db: Database) throws {
        for number in replay.ids {
            guard let known = try FailingRow.fetch(number, path: path, db),
                // What another agent does says nothing of the one that failed.
                known.plan.agent == storm.agent
            else { continue }
            try note(replay, of: known, db)
        }
    }

    private mutating func note(
        _ replay: ReplayRecord, of known: FailingRow, _ db: Database
    ) throws {
        switch replay.run.verdict {
        case .violated, .hung, .crashed: try failed(known, db)
        case .nondeterministic: try set(passes: 0, of: known, db)
        case .passed where replay.wasReached: try passed(known, db)
        // Nothing is known then: it left the tape, or its faults met nothing.
        case .passed, .passedAssumed, .offTape, .invalid: break
        }
    }

    /// A seed was run.
    mutating func note(_ run: RunRecord, _ db: Database) throws {
        guard run.verdict.isFailure, let failure = run.failure else { return }
        let plan = Digest(hashing: Array(failure.blob.utf8)).hex
        if let known = try FailingRow.fetch(
            cassette: storm.cassette.hex, agent: storm.agent, plan: plan, path: path, db)
        {
            try failed(known, db)
            return
        }
        let alike = try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM failing_plan
                WHERE cassette = ? AND agent = ? AND signature = ? AND mended_storm IS NULL
                """,
            arguments: [storm.cassette.hex, storm.agent, failure.signature])
        guard alike ?? 0 < FailureWriter.plansOfSignatureMax else { return }
        try db.execute(
            sql: """
                INSERT INTO failing_plan (
                    cassette, scenario, agent, plan, blob, signature, reproduce, first_storm,
                    last_storm, times, passes
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0)
                """,
            arguments: [
                storm.cassette.hex, storm.scenario, storm.agent, plan, failure.blob,
                failure.signature, failure.reproduce, id, id,
            ])
    }

    private mutating func failed(_ known: FailingRow, _ db: Database) throws {
        if known.plan.mendedAt != nil { change.returned.append(known.plan) }
        // In one storm it may fail as a saved failure and by its seed too.
        let times = known.lastStorm == id ? known.plan.times : known.plan.times + 1
        try db.execute(
            sql: """
                UPDATE failing_plan
                SET last_storm = ?, times = ?, passes = 0, mended_storm = NULL WHERE id = ?
                """,
            arguments: [id, times, known.plan.id])
    }

    private mutating func passed(_ known: FailingRow, _ db: Database) throws {
        guard known.plan.mendedAt == nil,
            FailureWriter.isChanged(known.failedOn, storm.revision)
        else { return }
        let passes = known.passes + 1
        try set(passes: passes, of: known, db)
        guard passes >= FailureWriter.passesToMend else { return }
        try db.execute(
            sql: "UPDATE failing_plan SET mended_storm = ? WHERE id = ?",
            arguments: [id, known.plan.id])
        change.mended.append(known.plan)
    }

    private func set(passes: Int64, of known: FailingRow, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE failing_plan SET passes = ? WHERE id = ?",
            arguments: [passes, known.plan.id])
    }

    /// Whether the sources are others than those that failed; where that is not known, they are
    /// taken to be, or nothing would ever be mended outside of a repository.
    static func isChanged(_ failed: Revision?, _ now: Revision?) -> Bool {
        guard let failed, let now, failed.commit == now.commit else { return true }
        guard let before = failed.isDirty, let after = now.isDirty else { return false }
        return before != after
    }
}
