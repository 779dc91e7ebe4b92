internal import Judgement

/// The verdicts that no judge has given: those without a recorded answer, those for which no judge
/// was named, and those whose judge said neither word.
enum OpenVerdicts {
    /// `3 verdicts wait for a judge`; nil where none does.
    static func text(of runs: [RunSummary]) -> String? {
        let count = runs.reduce(0) { $0 + $1.waiting.count }
        return count > 0 ? text(count) : nil
    }

    /// The same with what the first of them waits for.
    static func note(of runs: [RunSummary]) -> String? {
        guard let first = runs.lazy.flatMap(\.waiting).first else { return nil }
        let reason = first.message.trimmingPrefix("not judged: ")
        return text(of: runs).map { "\($0): \(BoundedText.line(String(reason), 120))" }
    }

    static func text(_ count: Int) -> String {
        count == 1 ? "1 verdict waits for a judge" : "\(count) verdicts wait for a judge"
    }
}

extension RunSummary {
    /// The rules that wait for a judge.
    var waiting: [InvariantResult] { invariants.filter(\.lacksJudge) }

    /// Whether nothing is broken so far, and a judge could still find that something is.
    var isPending: Bool { verdict == .passed && invariants.contains(where: \.lacksJudge) }
}
