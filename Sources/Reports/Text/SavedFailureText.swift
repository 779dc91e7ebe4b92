internal import Judgement

/// The section of a storm's report on saved failures; they are not counted among its runs.
enum SavedFailureText {
    /// Further ones are counted only.
    static let shownMax = 10

    static func lines(_ saved: [SavedFailure], _ style: TextStyle) -> [String] {
        guard !saved.isEmpty else { return [] }
        let noun = saved.count == 1 ? "saved failure" : "saved failures"
        let title =
            "  " + style.paint("\(saved.count) \(noun)", .bold) + "   "
            + SavedFailure.outcomes(saved).map { "\($0.count) \($0.outcome)" }
            .joined(separator: " · ")
        // Those that pass need no look.
        let shown = saved.filter { $0.run.verdict != .passed || !$0.wasReached }
        let rest = shown.count - shownMax
        return [title] + shown.prefix(shownMax).flatMap { line($0, style) }
            + (rest > 0 ? ["    and \(rest) more"] : []) + [""]
    }

    private static func line(_ failure: SavedFailure, _ style: TextStyle) -> [String] {
        let run = failure.run
        let text = SafeText.line("\(failure.outcome)  \(failure.signature)  from \(failure.origin)")
        let mark = VerdictText.mark(run.verdict)
        return [
            style.paint(
                "  \(mark) " + text.shortened(to: style.width - 4), VerdictText.paint(run.verdict)),
            "    reproduce: " + SafeText.line(run.reproduce),
        ]
    }
}
