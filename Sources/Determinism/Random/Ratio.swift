/// An exact probability: a reduced fraction between 0 and 1, so that no draw depends on floats.
public struct Ratio: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The upper part of the reduced fraction.
    public let numerator: UInt32
    /// The lower part of the reduced fraction, at least 1.
    public let denominator: UInt32

    /// The ratio 0: a chance that never comes.
    public static let never = Ratio(reduced: 0, over: 1)
    /// The ratio 1: a chance that always comes.
    public static let always = Ratio(reduced: 1, over: 1)

    private init(reduced numerator: UInt32, over denominator: UInt32) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The fraction `numerator / denominator`, reduced; nil unless it lies between 0 and 1.
    public init?(_ numerator: UInt32, _ denominator: UInt32) {
        guard denominator > 0, numerator <= denominator else { return nil }
        var (divisor, rest) = (denominator, numerator)
        while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
        self.init(reduced: numerator / divisor, over: denominator / divisor)
    }

    /// Reads `1/3`, `0`, `1`, `0.25` (at most 9 decimals) or `25%` (at most 7); nil otherwise.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        if let slash = bytes.firstIndex(of: UInt8(ascii: "/")) {
            guard let numerator = Self.number(bytes[..<slash]),
                let denominator = Self.number(bytes[(slash + 1)...])
            else { return nil }
            self.init(numerator, denominator)
        } else if bytes.last == UInt8(ascii: "%") {
            self.init(decimal: bytes.dropLast(), unit: 100, decimalsMax: 7)
        } else {
            self.init(decimal: bytes[...], unit: 1, decimalsMax: 9)
        }
    }

    /// `0`, `1` or the reduced fraction, such as `1/3`.
    public var description: String {
        denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)"
    }

    /// Orders ratios by value, exactly.
    public static func < (lhs: Ratio, rhs: Ratio) -> Bool {
        UInt64(lhs.numerator) * UInt64(rhs.denominator)
            < UInt64(rhs.numerator) * UInt64(lhs.denominator)
    }

    private init?(decimal bytes: ArraySlice<UInt8>, unit: UInt32, decimalsMax: Int) {
        let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
        guard let whole = Self.number(bytes[..<point]), whole <= unit else { return nil }
        guard point < bytes.endIndex else {
            self.init(whole, unit)
            return
        }
        let decimals = bytes[(point + 1)...]
        guard decimals.count <= decimalsMax, let part = Self.number(decimals) else { return nil }
        // At most 100 * 10^7 or 1 * 10^9: inside UInt32.
        let scale = decimals.indices.reduce(UInt32(1)) { scale, _ in scale * 10 }
        self.init(whole * scale + part, unit * scale)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard !digits.isEmpty else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tenfold, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = tenfold.addingReportingOverflow(
                UInt32(digit - UInt8(ascii: "0")))
            guard !isTooLarge, !isStillTooLarge else { return nil }
            value = sum
        }
        return value
    }
}
