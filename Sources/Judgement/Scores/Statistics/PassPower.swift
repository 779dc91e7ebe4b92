/// How probable it is that an agent passes k times out of k.
///
/// pass^k of τ-bench (S. Yao et al., arXiv 2406.12045): for each prompt of a scenario with n runs,
/// c of which passed, C(c, k) / C(n, k) estimates without bias that k runs drawn at random all
/// pass; the mean over prompts is reported. Only runs of *different* seeds count as runs: a seed
/// gives the same run each time, and repeating it would prove nothing.
public struct PassPower: Hashable, Sendable {
    /// How many runs in a row.
    public let k: Int
    /// The mean, exact to 12 decimals and then rounded to nine; nil when no prompt has k seeds.
    public let value: FixedDecimal?
    /// How many prompts of scenarios it is the mean of.
    public let groups: Int
    /// How many have fewer than k seeds and are left out.
    public let tooFew: Int

    init(k: Int, groups: [PassShare]) {
        let fitting = k > 0 ? groups.filter { $0.total >= k } : []
        self.k = k
        self.groups = fitting.count
        tooFew = groups.count - fitting.count
        // A running mean stays below 1, however many there are.
        var mean = Fine.zero
        for (offset, group) in fitting.enumerated() {
            let estimate = PassPower.estimate(k: k, of: group)
            mean = mean + (estimate - mean) / (offset + 1)
        }
        value = fitting.isEmpty ? nil : mean.rounded
    }

    /// The estimate of one group; nil when it has fewer than k runs.
    public static func estimate(k: Int, passed: Int, total: Int) -> FixedDecimal? {
        guard k > 0, total >= k, (0...total).contains(passed) else { return nil }
        return estimate(k: k, of: PassShare(passed: passed, total: total)).rounded
    }

    /// C(c, k) / C(n, k) = Π (c - i) / (n - i) for i < k.
    private static func estimate(k: Int, of group: PassShare) -> Fine {
        guard group.passed >= k else { return .zero }
        guard group.passed < group.total else { return .one }
        return (0..<k).reduce(Fine.one) { product, i in
            product * Fine(Int128(group.passed - i), over: Int128(group.total - i))
        }
    }
}
