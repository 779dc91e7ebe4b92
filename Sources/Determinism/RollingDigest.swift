import Crypto

/// A digest over a sequence of byte strings, which can be read at any time and then go on.
///
/// Each string is hashed after its length (8 bytes, little-endian), so that `ab` and `c` differ
/// from `a` and `bc`.
public struct RollingDigest: Sendable {
    private var hasher = SHA256()

    /// How many strings were appended.
    public private(set) var count = 0

    /// The digest of the empty sequence.
    public init() {}

    /// Appends a string of bytes.
    public mutating func append(_ bytes: [UInt8]) {
        // Length and bytes go into the hash together: short strings are the rule, and a call of
        // the hash costs more than a copy.
        var framed: [UInt8] = []
        framed.reserveCapacity(8 + bytes.count)
        let length = UInt64(bytes.count)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            framed.append(UInt8(truncatingIfNeeded: length >> shift))
        }
        framed.append(contentsOf: bytes)
        hasher.update(framed)
        count += 1
    }

    /// Appends the UTF-8 bytes of a text.
    public mutating func append(_ text: String) {
        append(Array(text.utf8))
    }

    /// The digest of all that was appended so far.
    public var value: Digest { Digest(hasher.finalize()) }
}
