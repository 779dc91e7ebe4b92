/// Bytes of which only the first are kept, and how many there were.
package struct BoundedBytes: Hashable, Sendable {
    /// The first ones.
    package var bytes: [UInt8]
    /// How many there were.
    package var total: Int

    package init(_ all: some Collection<UInt8>, max: Int) {
        bytes = Array(all.prefix(max))
        total = all.count
    }

    init(bytes: [UInt8], total: Int) {
        self.bytes = bytes
        self.total = total
    }
}
