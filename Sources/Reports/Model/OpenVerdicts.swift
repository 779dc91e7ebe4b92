internal import Judgement

/// The verdicts that recorded answers of judges do not give yet.
enum OpenVerdicts {
    /// `3 verdicts wait for a judge`; nil where none does.
    static func text(of runs: [RunSummary]) -> String? {
        let count = runs.reduce(0) { $0 + $1.invariants.count(where: \.awaitsJudge) }
        guard count > 0 else { return nil }
        return count == 1 ? "1 verdict waits for a judge" : "\(count) verdicts wait for a judge"
    }
}
