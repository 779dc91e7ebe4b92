/// Finds where binary messages end, by the length with which each begins.
struct AWSEventScanner {
    /// The shortest message: prelude, its checksum, and that of the whole.
    static let messageBytesMin: UInt32 = 16
    /// The longest message that clients can take, with all its headers.
    static let messageBytesMax: UInt32 = 24 << 20 + 128 << 10 + 16

    private var length: UInt32 = 0
    private var taken: UInt32 = 0
    private var isLost = false

    /// Takes the next byte.
    ///
    /// With an impossible length nothing more can be told apart: the rest is one frame.
    mutating func take(_ byte: UInt8) -> FrameScanner.Cut {
        if isLost { return .none }
        taken += 1
        if taken <= 4 {
            length = length << 8 | UInt32(byte)
            if taken == 4 {
                isLost = !(Self.messageBytesMin...Self.messageBytesMax).contains(length)
            }
            return .none
        }
        guard taken == length else { return .none }
        (length, taken) = (0, 0)
        return .after
    }
}
