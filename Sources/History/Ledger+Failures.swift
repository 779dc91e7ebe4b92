package import Determinism
import GRDB

extension Ledger {
    /// How many saved failures are run again in front of one storm.
    package static let replaysMax = 100

    /// The failing plans that are to be run again: those of the cassette, and those that the same
    /// agent and scenario had on an earlier recording, unless they are known on this one.
    ///
    /// When there are more than `replaysMax` that are wanted, the ones that failed last are taken.
    package func savedFailures(
        cassette: Digest, scenario: String, agent: String,
        where isWanted: @Sendable (FailingPlan) -> Bool = { _ in true }
    ) throws(LedgerError) -> [FailingPlan] {
        let path = path
        return try read { db in
            let rows = try FailingRow.fetch(
                where: """
                    mended_storm IS NULL AND (
                        failing_plan.cassette = ?
                        OR failing_plan.scenario = ? AND failing_plan.agent = ? AND NOT EXISTS (
                            SELECT 1 FROM failing_plan AS newer
                            WHERE newer.cassette = ? AND newer.agent = failing_plan.agent
                                AND newer.signature = failing_plan.signature
                                AND newer.mended_storm IS NULL))
                    """,
                [cassette.hex, scenario, agent, cassette.hex], path: path, db)
            let latest = rows.sorted { ($0.lastStorm, $0.plan.id) > ($1.lastStorm, $1.plan.id) }
            return latest.map(\.plan).filter(isWanted).prefix(Ledger.replaysMax)
                .sorted { $0.id < $1.id }
        }
    }

    /// All failing plans, the mended ones too, in the order in which they were found.
    package func failingPlans() throws(LedgerError) -> [FailingPlan] {
        let path = path
        return try read { db in
            try FailingRow.fetch(where: "TRUE", [], path: path, db).map(\.plan)
        }
    }
}
