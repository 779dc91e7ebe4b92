package import Determinism

/// Bytes of which only the first are kept, and how many there were.
package struct BoundedBytes: Hashable, Sendable {
    /// The first ones.
    package var bytes: [UInt8]
    /// How many there were.
    package var total: Int
    /// The digest of all of them, so that two that begin alike are not the same; nil when all are
    /// kept.
    package var digest: Digest?

    package init(_ all: some Collection<UInt8>, max: Int) {
        bytes = Array(all.prefix(max))
        total = all.count
        digest = total > bytes.count ? Digest(hashing: Array(all)) : nil
    }

    /// All bytes at once: one by one takes many times as long.
    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(total)
        hasher.combine(digest)
    }

    init(bytes: [UInt8], total: Int, digest: Digest? = nil) {
        self.bytes = bytes
        self.total = total
        self.digest = digest
    }
}
