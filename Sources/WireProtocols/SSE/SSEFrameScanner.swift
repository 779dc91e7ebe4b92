/// Finds where frames end, byte by byte, so that no split of the input can matter.
struct SSEFrameScanner {
    private var isLineEmpty = true
    private var followsReturn = false
    private var isBlankLineHeld = false

    /// Whether the frame is whole and only waits for a line feed that may belong to it.
    var holdsWholeFrame: Bool { isBlankLineHeld }

    /// Takes the next byte.
    ///
    /// A blank line that ends in a carriage return is held until the next byte tells whether a line
    /// feed belongs to it. A byte order mark counts as content here: the blank line that it might
    /// hide would end a frame without fields.
    mutating func take(_ byte: UInt8) -> FrameScanner.Cut {
        if isBlankLineHeld {
            isBlankLineHeld = false
            isLineEmpty = true
            if byte == 0x0A { return .after }
            _ = takeInFrame(byte)
            return .before
        }
        return takeInFrame(byte)
    }

    private mutating func takeInFrame(_ byte: UInt8) -> FrameScanner.Cut {
        let isSecondOfPair = followsReturn && byte == 0x0A
        followsReturn = false
        switch byte {
        case 0x0A:
            if isSecondOfPair { return .none }
            if isLineEmpty { return .after }
            isLineEmpty = true
        case 0x0D:
            if isLineEmpty {
                isBlankLineHeld = true
            } else {
                isLineEmpty = true
                followsReturn = true
            }
        default:
            isLineEmpty = false
        }
        return .none
    }
}
