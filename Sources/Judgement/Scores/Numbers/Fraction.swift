public import Determinism

/// An exact fraction in lowest terms.
public struct Fraction: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The upper part; it carries the sign.
    public let numerator: Int
    /// The lower part, at least 1.
    public let denominator: Int

    /// The fraction `numerator / denominator`, reduced; nil unless the denominator is positive.
    public init?(_ numerator: Int, _ denominator: Int) {
        guard denominator > 0 else { return nil }
        var (divisor, rest) = (denominator.magnitude, numerator.magnitude)
        while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
        // No larger than the denominator, so it fits.
        let common = Int(truncatingIfNeeded: divisor)
        self.numerator = numerator / common
        self.denominator = denominator / common
    }

    /// The fraction that a ratio is.
    public init(_ ratio: Ratio) {
        numerator = Int(ratio.numerator)
        denominator = Int(ratio.denominator)
    }

    /// The nearest decimal, half to even.
    public var decimal: FixedDecimal {
        FixedDecimal(billionths: Int128(numerator) * 1_000_000_000, over: Int128(denominator))
    }

    /// The text with so many decimals, at most nine, rounded half to even: `0.8750`.
    public func text(decimals: Int) -> String {
        DecimalText.text(Int128(numerator), over: Int128(denominator), decimals: decimals)
    }

    /// The text of a share as a percentage: `87.5 %`.
    ///
    /// Only what is whole reads as 100, and only what is nothing as 0: 1,999 passes of 2,000 runs
    /// are `99.9 %`, although 100.0 is nearer.
    public func percentText(decimals: Int = 1) -> String {
        let places = min(max(decimals, 0), DecimalText.decimalsMax)
        let unit = DecimalText.power(places)
        var scaled = DecimalText.roundedQuotient(
            Int128(numerator) * 100 * unit, Int128(denominator))
        if scaled == 0, numerator > 0 { scaled = 1 }
        if scaled == 100 * unit, numerator < denominator { scaled -= 1 }
        return DecimalText.text(scaled, decimals: places) + " %"
    }

    /// The reduced fraction, such as `7/8`, or a whole number.
    public var description: String {
        denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)"
    }

    /// Orders by value, exactly.
    public static func < (left: Fraction, right: Fraction) -> Bool {
        Int128(left.numerator) * Int128(right.denominator)
            < Int128(right.numerator) * Int128(left.denominator)
    }
}
