public import Determinism
public import Simulation

/// How grave it is when an invariant is broken.
public enum Severity: String, Hashable, Sendable, CaseIterable {
    /// One broken invariant fails the contract.
    case critical
    case high
    case medium
    case low

    /// The weight in a score: 3, 2, 1 and 1, as in flakestorm.
    public var weight: Int {
        switch self {
        case .critical: 3
        case .high: 2
        case .medium, .low: 1
        }
    }
}

/// A rule over the trace of a run.
///
/// Its form in a scenario is an object with the name and its arguments, and, beside them, what all
/// invariants take: `when`, `negate`, `severity`, `label`.
public struct Invariant: Hashable, Sendable {
    /// The names of all invariants.
    public static var names: [String] { InvariantCatalogue.names }

    /// The form in the scenario.
    public let source: JSONValue
    /// The kind, by name.
    public let name: String
    /// How grave it is when it is broken.
    public let severity: Severity
    /// The name that the team gave it; nil for none.
    public let label: String?
    /// Whether the rule must not hold.
    public let isNegated: Bool
    let gate: InvariantGate
    let rule: any InvariantRule

    /// The rule that holds when a scenario names none: the agent exits with 0.
    public static let implied = Invariant(
        source: ["exit_code": 0], name: "exit_code", rule: EndRules.ExitCode(code: 0))

    init(
        source: JSONValue, name: String, rule: any InvariantRule, severity: Severity = .medium,
        label: String? = nil, isNegated: Bool = false, gate: InvariantGate = .always
    ) {
        self.source = source
        self.name = name
        self.rule = rule
        self.severity = severity
        self.label = label
        self.isNegated = isNegated
        self.gate = gate
    }

    /// The form in the scenario says all.
    public static func == (left: Invariant, right: Invariant) -> Bool {
        left.source == right.source
    }

    /// Hashes the form in the scenario.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
    }

    /// Whether it is judged by comparing with the run without a fault.
    public var comparesWithUndisturbed: Bool { rule.comparesWithUndisturbed }

    /// A short text that names the rule with its arguments, such as `max_calls(openai) <= 8`.
    public var id: String {
        let base = isNegated ? "not \(rule.id)" : rule.id
        return gate == .always ? base : "\(base) when \(gate.word)"
    }

    /// Checks the rule; the trace is that of a run that ended.
    public func evaluate(_ trace: Trace) -> InvariantResult {
        evaluate(Conduct(trace))
    }

    /// Checks the rule on a run that ended.
    public func evaluate(_ conduct: Conduct) -> InvariantResult {
        guard gate.applies(to: conduct) else {
            return InvariantResult(
                id: id, invariant: source, passed: true,
                message: "not judged: `when: \(gate.word)` did not come to pass", isJudged: false)
        }
        let finding = isNegated ? rule.check(conduct).negated : rule.check(conduct)
        return InvariantResult(
            id: id, invariant: source, passed: finding.passed, message: finding.message,
            witnesses: finding.witnesses, position: finding.position,
            isJudged: finding.isJudged)
    }
}
