internal import Judgement

/// The verdicts that recorded answers of judges do not give yet.
enum OpenVerdicts {
    /// `3 verdicts wait for a judge`; nil where none does.
    static func text(of runs: [RunSummary]) -> String? {
        let count = runs.reduce(0) { $0 + $1.waiting.count }
        return count > 0 ? text(count) : nil
    }

    static func text(_ count: Int) -> String {
        count == 1 ? "1 verdict waits for a judge" : "\(count) verdicts wait for a judge"
    }
}

extension RunSummary {
    /// The rules that wait for a judge.
    var waiting: [InvariantResult] { invariants.filter(\.awaitsJudge) }

    /// Whether nothing is broken so far, and a judge could still find that something is.
    var isPending: Bool { verdict == .passed && invariants.contains(where: \.awaitsJudge) }
}
