extension StreamEvent {
    /// The same frame with this text as its data, whether it is JSON or not.
    ///
    /// All that is not data stays byte for byte; a binary message gets true checksums.
    package func replacingData(_ text: String) -> StreamEvent {
        switch self {
        case .sse(let event): .sse(event.replacingData(text))
        case .line(let line): .line(line.replacingData(Array(text.utf8)))
        case .element(let element): .element(element.replacingData(Array(text.utf8)))
        case .message(let message): .message(message.replacingData(Array(text.utf8)))
        }
    }

    /// The server-sent event; nil in any other framing.
    package var sse: SSEEvent? {
        if case .sse(let event) = self { event } else { nil }
    }

    /// The binary message; nil in any other framing.
    package var message: AWSEventMessage? {
        if case .message(let message) = self { message } else { nil }
    }

    /// Bytes that are no event of a framing, to be sent between events.
    package static func noise(_ bytes: [UInt8], framing: StreamFraming) -> StreamEvent {
        StreamEvent(frame: bytes, framing: framing, isTerminated: false, isFirst: false)
    }
}
