/// How many pairs passed on both sides, on one, on none.
public struct PairedTable: Hashable, Sendable {
    /// Pairs that passed with both versions.
    public let both: Int
    /// Pairs that passed with A only.
    public let onlyA: Int
    /// Pairs that passed with B only.
    public let onlyB: Int
    /// Pairs that passed with neither.
    public let neither: Int

    /// A table of four counts.
    public init(both: Int, onlyA: Int, onlyB: Int, neither: Int) {
        self.both = both
        self.onlyA = onlyA
        self.onlyB = onlyB
        self.neither = neither
    }

    /// All pairs.
    public var total: Int { both + onlyA + onlyB + neither }

    /// By how much the share of passes is larger with B than with A; nil without pairs.
    public var difference: Fraction? { Fraction(onlyB - onlyA, total) }

    /// The two-sided exact p-value of McNemar's test: how probable it is, were A and B equally
    /// good, that the pairs on which they differ are shared out at least as unevenly.
    public var p: FixedDecimal { SignTest.p(onlyA, onlyB) }

    /// The 95 % interval around the difference; nil without pairs.
    ///
    /// Method 10 of R. G. Newcombe, "Improved confidence intervals for the difference between
    /// binomial proportions based on paired data", Statistics in Medicine 17 (1998), 2635–2650: the
    /// Wilson intervals of both shares, squared and added, with the correlation between the two
    /// corrected for continuity. Unlike Wald's it stays within -1 and 1, and it has a width when no
    /// pair differs.
    public var interval: ShareInterval? {
        guard let b = FineInterval.wilson(passed: both + onlyB, total: total),
            let a = FineInterval.wilson(passed: both + onlyA, total: total)
        else { return nil }
        let shareB = Fine(Int128(both + onlyB), over: Int128(total))
        let shareA = Fine(Int128(both + onlyA), over: Int128(total))
        let phi = correlation(shareA, shareB)
        let down = PairedTable.distance(shareB - b.lower, a.upper - shareA, phi)
        let up = PairedTable.distance(b.upper - shareB, shareA - a.lower, phi)
        let bounds = (Fine.zero - .one)...Fine.one
        return ShareInterval(
            lower: (shareB - shareA - down).clamped(to: bounds).rounded,
            upper: (shareB - shareA + up).clamped(to: bounds).rounded)
    }

    /// The root of x² - 2φxy + y².
    private static func distance(_ x: Fine, _ y: Fine, _ phi: Fine) -> Fine {
        let mixed = phi * x * y
        return (x * x - mixed - mixed + y * y).root
    }

    /// The correlation φ, moved towards zero by half a pair when it is positive.
    private func correlation(_ shareA: Fine, _ shareB: Fine) -> Fine {
        let spread = (shareA * (.one - shareA)).root * (shareB * (.one - shareB)).root
        guard spread > .zero else { return .zero }
        let pairs = Int128(total)
        // Twice the covariance, so that half a pair is whole.
        var twice = 2 * (Int128(both) * Int128(neither) - Int128(onlyA) * Int128(onlyB))
        if twice > 0 { twice = max(0, twice - pairs) }
        let phi = Fine(twice, over: 2 * pairs * pairs) / spread
        return phi.clamped(to: (Fine.zero - .one)...Fine.one)
    }
}
