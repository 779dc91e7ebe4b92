/// A JSON number compared by its exact value, however it was written.
///
/// `1.0` equals `1`, and `1e2` equals `100`. Digits are kept as text, so there is no rounding
/// and no limit of precision.
struct DecimalNumber: Hashable, Sendable, Comparable {
    /// Exponents beyond this are refused: no number of any data means one.
    static let exponentMax = 1_000_000_000

    private let isNegative: Bool
    /// The digits without leading and trailing zeros; none for zero.
    private let digits: [UInt8]
    /// The power of ten of the last digit.
    private let exponent: Int

    /// Reads a number that the JSON parser accepted; nil when its exponent is beyond the limit.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest = rest.dropFirst() }
        var power = 0
        if let mark = rest.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            guard let written = DecimalNumber.exponent(rest[(mark + 1)...]) else { return nil }
            power = written
            rest = rest[..<mark]
        }
        var all = rest.filter { $0 != UInt8(ascii: ".") }[...]
        if let point = rest.firstIndex(of: UInt8(ascii: ".")) {
            power -= rest.endIndex - point - 1
        }
        all = all.drop { $0 == UInt8(ascii: "0") }
        while all.last == UInt8(ascii: "0") {
            all = all.dropLast()
            power += 1
        }
        digits = Array(all)
        exponent = all.isEmpty ? 0 : power
        isNegative = negative && !all.isEmpty
    }

    /// The number of a count.
    init(_ count: Int) {
        self.init(String(count))!
    }

    /// Whether it has no fraction.
    var isWhole: Bool { exponent >= 0 }

    static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative
            ? isSmaller(right, left) : isSmaller(left, right)
    }

    /// Compares absolute values.
    private static func isSmaller(_ left: DecimalNumber, _ right: DecimalNumber) -> Bool {
        if left.digits.isEmpty || right.digits.isEmpty {
            return left.digits.isEmpty && !right.digits.isEmpty
        }
        let leftMagnitude = left.digits.count + left.exponent
        let rightMagnitude = right.digits.count + right.exponent
        if leftMagnitude != rightMagnitude { return leftMagnitude < rightMagnitude }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }

    private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
        guard let value = Int(String(decoding: text, as: UTF8.self)),
            (-exponentMax...exponentMax).contains(value)
        else { return nil }
        return value
    }
}
