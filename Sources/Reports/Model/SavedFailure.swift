internal import Judgement

/// A failure of an earlier storm that was replayed before the seeds of this one.
package struct SavedFailure: Hashable, Sendable {
    /// How it failed when it was saved.
    package var signature: String
    /// Where it was saved, in words that follow "from".
    package var origin: String
    /// What it did this time.
    package var run: RunSummary

    package init(signature: String, origin: String, run: RunSummary) {
        self.signature = signature
        self.origin = origin
        self.run = run
    }

    /// Whether any of its faults fired, if it has some: a pass without them says nothing.
    package var wasReached: Bool { run.planned.isEmpty || !run.fired.isEmpty }

    /// Whether it broke something again.
    package var stillFails: Bool { run.verdict.isFailure }

    /// How often each outcome occurs, in the order of their first occurrence.
    static func outcomes(_ saved: [SavedFailure]) -> [(outcome: String, count: Int)] {
        var names: [String] = []
        for outcome in saved.map(\.outcome) where !names.contains(outcome) {
            names.append(outcome)
        }
        return names.map { name in (name, saved.count { $0.outcome == name }) }
    }

    /// What became of it, in a word or two.
    package var outcome: String {
        switch run.verdict {
        case .violated, .hung, .crashed: "still fails"
        case .passed: wasReached ? "passes" : "not reached"
        case .passedAssumed, .offTape, .nondeterministic, .invalid: run.verdict.rawValue
        }
    }
}
