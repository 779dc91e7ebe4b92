import Cassette
import Determinism
import Judgement
import Simulation
import Testing

/// A rule with a run that keeps it and one that breaks it.
struct InvariantPair: Sendable, CustomTestStringConvertible {
    /// A run, with what some rules look at beside it.
    struct Scene: Sendable {
        var trace: Trace
        /// The run without faults.
        var undisturbed: Trace?
        /// What the judge answers to the questions of the rule, in their order.
        var answers: [String] = []

        /// Evaluates the rule as it is for every run.
        func result(_ rule: String) throws -> InvariantResult {
            guard answers.isEmpty else {
                let judged = Judged(rule, trace)
                return try judged.result(judged.desk(answers))
            }
            return try invariant(rule).evaluate(Conduct(trace, undisturbed: undisturbed))
        }
    }

    /// As in a scenario.
    let rule: String
    let keeps: Scene
    let breaks: Scene
    /// What is said of the run that breaks it.
    let expected: Expected
    /// What that run amounts to.
    var verdict = Verdict.violated

    init(
        _ rule: String, keeps: Scene, breaks: Scene, _ expected: Expected,
        verdict: Verdict = .violated
    ) {
        self.rule = rule
        self.keeps = keeps
        self.breaks = breaks
        self.expected = expected
        self.verdict = verdict
    }

    init(
        _ rule: String, keeps: Trace, breaks: Trace, _ expected: Expected,
        verdict: Verdict = .violated
    ) {
        self.init(
            rule, keeps: Scene(trace: keeps), breaks: Scene(trace: breaks), expected,
            verdict: verdict)
    }

    /// A rule over the output of a run that does nothing else.
    static func says(
        _ rule: String, keeps: String, breaks: String, _ says: String
    ) -> InvariantPair {
        InvariantPair(
            rule, keeps: WireTrace().ended(output: keeps),
            breaks: WireTrace().ended(output: breaks), .atEnd([], says))
    }

    /// The name of the rule; nil where it cannot be read.
    var name: String? { try? invariant(rule).name }

    var testDescription: String { rule }
}
