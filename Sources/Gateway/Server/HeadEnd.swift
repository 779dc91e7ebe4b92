/// Where the head of a message of HTTP/1.1 ends.
package enum HeadEnd {
    private static let mark: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]

    /// The place behind the blank line; nil while there is none.
    ///
    /// One pass, as bytes may come one by one.
    package static func index<Bytes: Collection<UInt8>>(in bytes: Bytes) -> Bytes.Index? {
        var matched = 0
        for place in bytes.indices {
            let byte = bytes[place]
            // A byte that breaks the mark off may be its first.
            matched = byte == mark[matched] ? matched + 1 : (byte == mark[0] ? 1 : 0)
            if matched == mark.count { return bytes.index(after: place) }
        }
        return nil
    }
}
