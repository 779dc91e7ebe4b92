import Crypto

/// A digest over a sequence of byte strings, which can be read at any time and then go on.
///
/// Each string is hashed after its length (8 bytes, little-endian), so that `ab` and `c` differ
/// from `a` and `bc`.
public struct RollingDigest: Sendable {
    /// How many bytes are gathered before they are hashed: short strings are the rule, and a call
    /// of the hash costs more than a copy.
    private static let gatheredMax = 4096

    private var hasher = SHA256()
    /// Lengths and bytes that go into the hash next.
    private var gathered = CanonicalWriter()

    /// How many strings were appended.
    public private(set) var count = 0

    /// The digest of the empty sequence.
    public init() {}

    /// Appends a string of bytes.
    public mutating func append(_ bytes: [UInt8]) {
        append { $0.write(bytes) }
    }

    /// Appends the UTF-8 bytes of a text.
    public mutating func append(_ text: String) {
        append { $0.write(text) }
    }

    /// Appends the string of bytes that the closure writes, which must not remove any.
    package mutating func append(_ writing: (inout CanonicalWriter) -> Void) {
        let start = gathered.bytes.count
        gathered.beginString()
        writing(&gathered)
        gathered.setLength(at: start)
        count += 1
        guard gathered.bytes.count >= RollingDigest.gatheredMax else { return }
        hasher.update(gathered.bytes)
        gathered.removeAll()
    }

    /// The digest of all that was appended so far.
    public var value: Digest {
        var hasher = hasher
        hasher.update(gathered.bytes)
        return Digest(hasher.finalize())
    }
}
