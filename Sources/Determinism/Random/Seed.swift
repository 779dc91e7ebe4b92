/// The 64 bits from which, with a scenario, a plan is expanded.
public struct Seed: Hashable, Sendable, CustomStringConvertible {
    /// The seed as a number.
    public var rawValue: UInt64

    /// The seed with this number.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Reads a decimal number or, after `0x`, a hexadecimal one; nil for anything else.
    public init?(text: String) {
        let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
        let digits = isHex ? text.dropFirst(2) : text[...]
        // The standard library's reader also takes a sign; a seed has none.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            let value = UInt64(digits, radix: isHex ? 16 : 10)
        else { return nil }
        self.init(value)
    }

    /// The seed in decimal.
    public var description: String { String(rawValue) }
}
