import Crypto

/// SHA-256 over bytes that come piece by piece; how they are cut makes no difference.
public struct DigestBuilder: Sendable {
    private var hasher = SHA256()

    /// Starts with no bytes.
    public init() {}

    /// Appends bytes.
    public mutating func append(_ bytes: [UInt8]) {
        hasher.update(bytes)
    }

    /// The digest of all bytes so far.
    public var value: Digest { Digest(hasher.finalize()) }
}
