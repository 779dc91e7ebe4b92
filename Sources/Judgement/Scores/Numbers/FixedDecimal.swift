/// A number with nine decimals, held in whole billionths.
///
/// Statistics are given in it: it has one text on every machine, which floating point has not.
public struct FixedDecimal: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many billionths it is.
    public let billionths: Int64

    /// The number 0.
    public static let zero = FixedDecimal(billionths: 0)
    /// The number 1.
    public static let one = FixedDecimal(billionths: 1_000_000_000)

    /// A number of so many billionths.
    public init(billionths: Int64) {
        self.billionths = billionths
    }

    /// Reads `2`, `0.35` or `-1.5`, with at most nine decimals; nil for anything else.
    public init?(text: String) {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text[...]
        let pieces = digits.split(separator: ".", omittingEmptySubsequences: false)
        let allDigits = pieces.allSatisfy { piece in
            !piece.isEmpty && piece.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard allDigits, pieces.count <= 2, let whole = Int64(pieces[0]) else { return nil }
        let part = pieces.count == 2 ? pieces[1] : "0"
        guard part.utf8.count <= DecimalText.decimalsMax else { return nil }
        let zeros = String(repeating: "0", count: DecimalText.decimalsMax - part.utf8.count)
        guard let fraction = Int64(part + zeros) else { return nil }
        let (scaled, isTooLarge) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isStillTooLarge) = scaled.addingReportingOverflow(fraction)
        guard !isTooLarge, !isStillTooLarge else { return nil }
        self.init(billionths: isNegative ? -sum : sum)
    }

    /// The number that is nearest to a fraction of billionths, half to even; clamped.
    init(billionths numerator: Int128, over denominator: Int128) {
        self.init(billionths: Int64(clamping: DecimalText.roundedQuotient(numerator, denominator)))
    }

    /// The text with so many decimals, at most nine, rounded half to even: `0.2553`.
    public func text(decimals: Int) -> String {
        DecimalText.text(Int128(billionths), over: 1_000_000_000, decimals: decimals)
    }

    /// The text as a percentage, with so many decimals: `25.5 %`.
    public func percentText(decimals: Int = 1) -> String {
        DecimalText.text(Int128(billionths), over: 10_000_000, decimals: decimals) + " %"
    }

    /// All decimals but the zeros at the end: `0.5`, `1`.
    public var description: String {
        var text = text(decimals: DecimalText.decimalsMax)[...]
        while text.hasSuffix("0") { text = text.dropLast() }
        return String(text.hasSuffix(".") ? text.dropLast() : text)
    }

    /// Orders by value.
    public static func < (left: FixedDecimal, right: FixedDecimal) -> Bool {
        left.billionths < right.billionths
    }
}
