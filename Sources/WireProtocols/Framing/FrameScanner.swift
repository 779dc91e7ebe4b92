/// Finds where frames end, byte by byte, so that no split of the input can matter.
enum FrameScanner {
    /// Where a frame ends, seen from the byte that was given.
    enum Cut {
        case none
        case before
        case after
    }

    case sse(SSEFrameScanner)
    case jsonLines
    case jsonArray(JSONArrayScanner)
    case awsEventStream(AWSEventScanner)

    init(_ framing: StreamFraming) {
        switch framing {
        case .sse: self = .sse(SSEFrameScanner())
        case .jsonLines: self = .jsonLines
        case .jsonArray: self = .jsonArray(JSONArrayScanner())
        case .awsEventStream: self = .awsEventStream(AWSEventScanner())
        }
    }

    /// Whether what is left at the end of the input is a whole frame.
    var holdsWholeFrame: Bool {
        switch self {
        case .sse(let scanner): scanner.holdsWholeFrame
        case .jsonArray(let scanner): scanner.holdsWholeFrame
        case .jsonLines, .awsEventStream: false
        }
    }

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) -> Cut {
        switch self {
        case .sse(var scanner):
            defer { self = .sse(scanner) }
            return scanner.take(byte)
        case .jsonLines:
            return byte == 0x0A ? .after : .none
        case .jsonArray(var scanner):
            defer { self = .jsonArray(scanner) }
            return scanner.take(byte)
        case .awsEventStream(var scanner):
            defer { self = .awsEventStream(scanner) }
            return scanner.take(byte)
        }
    }
}
