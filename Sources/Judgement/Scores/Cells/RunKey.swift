public import Determinism

/// Which run of which storm it is.
///
/// Two versions of an agent are compared on runs with the same key: the same faults at the same
/// places.
public struct RunKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name of the scenario.
    public var scenario: String
    /// The prompt, or a name of it; empty when the agent is not prompted.
    public var prompt: String
    /// The seed; nil for a run of an explicit plan.
    public var seed: Seed?
    /// What names an explicit plan among those of its scenario; empty for a seed's.
    public var plan: String

    /// Creates a key.
    public init(scenario: String, prompt: String = "", seed: Seed? = nil, plan: String = "") {
        self.scenario = scenario
        self.prompt = prompt
        self.seed = seed
        self.plan = plan
    }

    /// The scenario, the seed or plan, and the prompt, as `outage, seed 7, prompt "refund"`.
    public var description: String {
        var parts = [scenario]
        if let seed { parts.append("seed \(seed)") }
        if !plan.isEmpty { parts.append("plan \(plan.prefix(16))") }
        if !prompt.isEmpty { parts.append("prompt \"\(PlainText.clipped(prompt))\"") }
        return parts.joined(separator: ", ")
    }

    /// Orders by scenario, then prompt, seed and plan.
    public static func < (left: RunKey, right: RunKey) -> Bool {
        (left.scenario, left.prompt, left.seed?.rawValue ?? 0, left.plan)
            < (right.scenario, right.prompt, right.seed?.rawValue ?? 0, right.plan)
    }
}
