internal import Determinism
internal import Judgement

/// How much of a run its block of the page holds.
struct DetailLimits {
    /// How many bytes a text takes as written.
    let textBytes: Int
    let exchanges: Int
    let steps: Int
    let moments: Int
    /// How many invariants it has: broken ones first.
    let rules: Int
    /// How many entries any other list has.
    let items: Int

    /// From all that there is to the least that is worth to be shown.
    static let levels = [
        DetailLimits(
            textBytes: 25_000, exchanges: 200, steps: 1_000, moments: 2_000, rules: 1_000,
            items: 1_000),
        DetailLimits(
            textBytes: 2_000, exchanges: 200, steps: 100, moments: 500, rules: 200, items: 200),
        DetailLimits(
            textBytes: 500, exchanges: 100, steps: 20, moments: 100, rules: 100, items: 50),
        DetailLimits(textBytes: 240, exchanges: 30, steps: 5, moments: 20, rules: 60, items: 20),
        DetailLimits(textBytes: 120, exchanges: 8, steps: 2, moments: 8, rules: 20, items: 8),
        DetailLimits(textBytes: 80, exchanges: 2, steps: 0, moments: 0, rules: 6, items: 2),
    ]

    /// A text that takes no more than that, and how many bytes of it are missing.
    func text(_ text: String) -> JSONValue { .string(ScriptSafe.cut(text, to: textBytes)) }

    /// The line is whole or left out: half of one does nothing again.
    func line(_ line: String) -> JSONValue {
        ScriptSafe.fits(line, textBytes * 4) ? .string(line) : .null
    }

    /// Those that are shown: where they are too many, the broken ones stand first.
    func rules(_ results: [InvariantResult]) -> [InvariantResult] {
        guard results.count > rules else { return results }
        let broken = results.filter { !$0.passed }.prefix(rules)
        return Array(broken) + results.filter(\.passed).prefix(rules - broken.count)
    }
}
