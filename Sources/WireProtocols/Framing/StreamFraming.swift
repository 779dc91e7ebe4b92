public import Cassette

/// How the events of a stream are told apart on the wire.
public enum StreamFraming: String, Hashable, Sendable, CaseIterable {
    /// Server-sent events, `text/event-stream`.
    case sse
    /// One JSON document a line, `application/x-ndjson`.
    case jsonLines = "json-lines"
    /// The elements of one JSON array that trickles in, `application/json`.
    case jsonArray = "json-array"
    /// Binary messages with checksums, `application/vnd.amazon.eventstream`.
    case awsEventStream = "aws-event-stream"

    /// The framing that a response head announces; nil when the body is one document.
    ///
    /// A JSON array has the content type of any other document, so only its protocol knows it.
    public init?(announcedBy headers: HeaderFields) {
        guard let value = headers.first("content-type") else { return nil }
        let type = asciiLowercased(value).prefix { $0 != ";" && $0 != " " }
        switch type {
        case "text/event-stream": self = .sse
        case "application/x-ndjson", "application/ndjson", "application/jsonl",
            "application/x-jsonlines":
            self = .jsonLines
        case "application/vnd.amazon.eventstream": self = .awsEventStream
        default: return nil
        }
    }

    /// What keeps a connection alive without an event: a comment; nil where there is none.
    public var keepAlive: [UInt8]? {
        self == .sse ? Array(": keep-alive\n\n".utf8) : nil
    }

    /// The events of a whole stream; their bytes, joined, are exactly the input.
    public func events(of bytes: [UInt8]) -> [StreamEvent] {
        var scanner = FrameScanner(self)
        var events: [StreamEvent] = []
        var start = 0
        func take(to end: Int, isTerminated: Bool) {
            events.append(
                StreamEvent(
                    frame: Array(bytes[start..<end]), framing: self, isTerminated: isTerminated,
                    isFirst: events.isEmpty))
            start = end
        }
        for (place, byte) in bytes.enumerated() {
            switch scanner.take(byte) {
            case .none: break
            case .before: take(to: place, isTerminated: true)
            case .after: take(to: place + 1, isTerminated: true)
            }
        }
        if start < bytes.count { take(to: bytes.count, isTerminated: scanner.holdsWholeFrame) }
        return events
    }
}
