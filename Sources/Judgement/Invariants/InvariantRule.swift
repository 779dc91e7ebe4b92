/// The check behind an invariant, its arguments read.
protocol InvariantRule: Sendable {
    /// A short text that names the rule with its arguments, such as `max_calls(openai) <= 8`.
    var id: String { get }

    /// Whether it looks at the run without a fault, which is then made too.
    var comparesWithUndisturbed: Bool { get }

    /// Checks the rule on a run that ended.
    func check(_ conduct: Conduct) -> Finding
}

extension InvariantRule {
    /// Most rules look at one run only.
    var comparesWithUndisturbed: Bool { false }
}
