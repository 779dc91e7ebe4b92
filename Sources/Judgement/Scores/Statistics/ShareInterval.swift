/// Between which bounds a share lies, with 95 % confidence.
public struct ShareInterval: Hashable, Sendable {
    /// The lower bound.
    public let lower: FixedDecimal
    /// The upper bound.
    public let upper: FixedDecimal

    /// The interval with these bounds.
    public init(lower: FixedDecimal, upper: FixedDecimal) {
        self.lower = lower
        self.upper = upper
    }

    /// Wilson's score interval of `passed` out of `total`; nil when there is none.
    ///
    /// It stays within 0 and 1, and says something of 0 of 20 too, where the usual interval has no
    /// width. Without a correction for continuity, z = 1.959963984540054. E. B. Wilson, Journal of
    /// the American Statistical Association 22 (1927); method 3 of R. G. Newcombe, Statistics in
    /// Medicine 17 (1998), 857–872. It takes the runs for independent draws.
    public static func wilson(passed: Int, total: Int) -> ShareInterval? {
        FineInterval.wilson(passed: passed, total: total).map {
            ShareInterval(lower: $0.lower.rounded, upper: $0.upper.rounded)
        }
    }

    /// The interval as percentages: `25.5 % to 36.6 %`.
    public func percentText(decimals: Int = 1) -> String {
        "\(lower.percentText(decimals: decimals)) to \(upper.percentText(decimals: decimals))"
    }
}

/// How many of a number of runs passed.
public struct PassShare: Hashable, Sendable {
    /// Those that passed.
    public let passed: Int
    /// All that were judged.
    public let total: Int

    /// A share of so many.
    public init(passed: Int, total: Int) {
        self.passed = passed
        self.total = total
    }

    /// The share; nil when nothing was judged.
    public var share: Fraction? { Fraction(passed, total) }

    /// Wilson's interval around it; nil when nothing was judged.
    public var interval: ShareInterval? {
        ShareInterval.wilson(passed: passed, total: total)
    }
}

/// An interval before it is rounded.
struct FineInterval {
    let lower: Fine
    let upper: Fine

    /// The 0.975 quantile of the normal distribution.
    private static let z = Fine(billionthsOfBillionths: 1_959_963_984_540_054_000)

    static func wilson(passed: Int, total: Int) -> FineInterval? {
        guard total > 0, (0...total).contains(passed) else { return nil }
        let share = Fine(Int128(passed), over: Int128(total))
        let spread = z * z / total
        let scale = Fine.one + spread
        let centre = (share + spread / 2) / scale
        let variance = share * (Fine.one - share) / total + spread / total / 4
        let half = z * variance.root / scale
        // At the ends the bound is exactly the end; rounding must not move it.
        return FineInterval(
            lower: passed == 0 ? .zero : max(.zero, centre - half),
            upper: passed == total ? .one : min(.one, centre + half))
    }
}
