internal import Determinism
internal import Faults
internal import History
internal import Judgement
internal import Reports
internal import Scenarios

/// Results as the ledger keeps them.
enum HistoryRecords {
    static func run(_ run: RunSummary) -> RunRecord {
        RunRecord(
            seed: run.seed, plan: identity(run), digest: run.digest, verdict: run.verdict,
            failure: run.failureSignature.map { signature in
                RunRecord.Failure(
                    signature: signature, blob: run.plan, reproduce: run.reproduce)
            })
    }

    /// What else than agent, cassette and plan decides a digest.
    static func conditions(_ configuration: RunConfiguration) -> String {
        [
            configuration.usesVirtualClock ? "virtual clock" : "real clock",
            configuration.sleepsForReal ? "real pace" : "immediate pace",
            configuration.isolatesNetwork ? "isolated" : "not isolated",
        ].joined(separator: ", ")
    }

    /// The weighted score in millionths; nil when nothing was judged.
    static func score(_ storm: StormResult) -> Int64? {
        storm.scoreCard.score.map {
            Int64(clamping: Int128($0.numerator) * 1_000_000 / Int128($0.denominator))
        }
    }

    /// The plan as it was before the run: the closed one holds what fired, which an agent decides.
    private static func identity(_ run: RunSummary) -> Digest {
        guard var plan = try? PlanBlob.decode(run.plan) else {
            return Digest(hashing: Array(run.plan.utf8))
        }
        plan.faults = run.planned
        return Digest(hashing: plan.json.canonical())
    }
}
