public import Determinism

/// The canonical identity of a request: the first 128 bits of a SHA-256.
public struct Fingerprint: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first eight bytes, big endian.
    public let high: UInt64
    /// The second eight bytes, big endian.
    public let low: UInt64

    /// Takes the first 16 bytes of a digest.
    public init(_ digest: Digest) {
        high = digest.prefix64
        low = digest.bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads 16 bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads 32 hexadecimal digits.
    public init?(hex: String) {
        guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64($0))) }
    }

    /// The 32 hexadecimal digits in lower case.
    public var hex: String {
        Fingerprint.pad(high) + Fingerprint.pad(low)
    }

    /// The hexadecimal form.
    public var description: String { hex }

    /// Orders by value.
    public static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static func pad(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
