public import Determinism
public import Simulation

/// A rule over the trace of a run.
///
/// Its form in a scenario is an object with one member: the name and its arguments.
public struct Invariant: Hashable, Sendable {
    enum Rule: Hashable, Sendable {
        case exitCode(Int)
        case maxCalls(upstream: String, count: Int)
        case maxAttempts(upstream: String?, count: Int)
        case maxVirtualTime(milliseconds: Int64)
        case outputMatches(Pattern, wanted: Bool)
        case outputJSON
        case outputJSONSchema(JSONSchema)
        case noRepeatedSideEffect(tool: String?)
    }

    /// The names of all invariants.
    public static let names = [
        "exit_code", "max_calls", "max_attempts", "max_virtual_time_ms", "output_matches",
        "output_not_matches", "output_json", "output_json_schema", "no_repeated_side_effect",
    ]

    /// The form in the scenario.
    public let source: JSONValue
    let rule: Rule

    /// The rule that holds when a scenario names none: the agent exits with 0.
    public static let implied = Invariant(source: ["exit_code": 0], rule: .exitCode(0))

    init(source: JSONValue, rule: Rule) {
        self.source = source
        self.rule = rule
    }

    /// A short text that names the rule with its arguments, such as `max_calls(openai) <= 8`.
    public var id: String {
        switch rule {
        case .exitCode(let code): "exit_code == \(code)"
        case .maxCalls(let upstream, let count): "max_calls(\(upstream)) <= \(count)"
        case .maxAttempts(nil, let count): "max_attempts <= \(count)"
        case .maxAttempts(.some(let upstream), let count):
            "max_attempts(\(upstream)) <= \(count)"
        case .maxVirtualTime(let limit): "max_virtual_time_ms <= \(limit)"
        case .outputMatches(let pattern, true): "output_matches /\(pattern.text)/"
        case .outputMatches(let pattern, false): "output_not_matches /\(pattern.text)/"
        case .outputJSON: "output_json"
        case .outputJSONSchema: "output_json_schema"
        case .noRepeatedSideEffect(nil): "no_repeated_side_effect"
        case .noRepeatedSideEffect(.some(let tool)): "no_repeated_side_effect(\(tool))"
        }
    }

    /// Checks the rule; the trace is that of a run that ended.
    public func evaluate(_ trace: Trace) -> InvariantResult {
        let finding =
            switch rule {
            case .exitCode(let code): Check.exitCode(code, trace)
            case .maxCalls(let upstream, let count): Check.maxCalls(upstream, count, trace)
            case .maxAttempts(let upstream, let count): Check.maxAttempts(upstream, count, trace)
            case .maxVirtualTime(let limit): Check.maxVirtualTime(limit, trace)
            case .outputMatches(let pattern, let wanted): Check.output(pattern, wanted, trace)
            case .outputJSON: Check.outputJSON(trace)
            case .outputJSONSchema(let schema): Check.outputJSON(trace, schema: schema)
            case .noRepeatedSideEffect(let tool): Check.repeatedSideEffect(tool, trace)
            }
        return InvariantResult(
            id: id, invariant: source, passed: finding.passed, message: finding.message,
            witnesses: finding.witnesses, position: finding.position)
    }
}
