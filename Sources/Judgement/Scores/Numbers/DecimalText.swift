/// Fractions as decimal text.
///
/// There is no floating point anywhere in scores: reports must be the same bytes on every machine.
enum DecimalText {
    /// More decimals than this are never written.
    static let decimalsMax = 9

    /// A fraction with so many decimals, rounded half to even: `2.50`, `-0.3`.
    ///
    /// The denominator is at least 1, and `numerator * 10^decimals` fits into 127 bits.
    static func text(_ numerator: Int128, over denominator: Int128, decimals: Int) -> String {
        let places = min(max(decimals, 0), decimalsMax)
        return text(roundedQuotient(numerator * power(places), denominator), decimals: places)
    }

    /// A number of units of the last decimal, as text.
    static func text(_ scaled: Int128, decimals places: Int) -> String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        // What rounds to zero has no sign.
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
    }

    /// Divides and rounds half to even, as Python and IEEE 754 do.
    static func roundedQuotient(_ numerator: Int128, _ denominator: Int128) -> Int128 {
        let (quotient, rest) = numerator.magnitude.quotientAndRemainder(
            dividingBy: denominator.magnitude)
        let other = denominator.magnitude - rest
        let isUp = rest > other || (rest == other && !quotient.isMultiple(of: 2))
        let rounded = Int128(truncatingIfNeeded: isUp ? quotient + 1 : quotient)
        return (numerator < 0) == (denominator < 0) ? rounded : -rounded
    }

    static func power(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { product, _ in product * 10 }
    }
}
