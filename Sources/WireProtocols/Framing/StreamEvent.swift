public import Determinism

/// One event of a model's stream: its exact bytes, and what they say, whatever the framing.
public enum StreamEvent: Hashable, Sendable {
    /// A server-sent event.
    case sse(SSEEvent)
    /// A line of JSON.
    case line(JSONLine)
    /// An element of a JSON array, with what stands before it.
    case element(JSONArrayElement)
    /// A binary message.
    case message(AWSEventMessage)

    /// Reads a frame; only the first of a stream may start with a byte order mark.
    init(frame bytes: [UInt8], framing: StreamFraming, isTerminated: Bool, isFirst: Bool) {
        switch framing {
        case .sse:
            self = .sse(SSEEvent(frame: bytes, isTerminated: isTerminated, isFirst: isFirst))
        case .jsonLines: self = .line(JSONLine(bytes: bytes))
        case .jsonArray: self = .element(JSONArrayElement(bytes: bytes))
        case .awsEventStream: self = .message(AWSEventMessage(bytes: bytes))
        }
    }

    /// Builds a fresh server-sent event.
    public init(event: String? = nil, data: String, lineEnding: SSELineEnding = .lf) {
        self = .sse(SSEEvent(event: event, data: data, lineEnding: lineEnding))
    }

    /// How it is framed.
    public var framing: StreamFraming {
        switch self {
        case .sse: .sse
        case .line: .jsonLines
        case .element: .jsonArray
        case .message: .awsEventStream
        }
    }

    /// The bytes of the frame.
    public var bytes: [UInt8] {
        switch self {
        case .sse(let event): event.bytes
        case .line(let line): line.bytes
        case .element(let element): element.bytes
        case .message(let message): message.bytes
        }
    }

    /// Whether the frame is whole; without that no client sees the event.
    public var isTerminated: Bool {
        switch self {
        case .sse(let event): event.isTerminated
        case .line(let line): line.isTerminated
        case .element(let element): element.isTerminated
        case .message(let message): message.isValid
        }
    }

    /// The name beside the data: the `event` field, or the type in a message's headers.
    public var name: String? {
        switch self {
        case .sse(let event): event.event
        case .line, .element: nil
        case .message(let message): message.name
        }
    }

    /// The data as text; nil when there is none.
    public var data: String? {
        switch self {
        case .sse(let event): event.data
        case .line(let line): line.data
        case .element(let element): element.data
        case .message(let message): message.data
        }
    }

    /// The data as JSON; nil when no client sees the event or its data is no JSON.
    public var json: JSONValue? {
        guard isTerminated, let data else { return nil }
        return try? JSONValue.parse(Array(data.utf8))
    }

    /// Whether it is a keep-alive: nothing that a client takes for an event.
    public var isKeepAlive: Bool {
        guard isTerminated else { return false }
        switch self {
        case .sse(let event): return event.isKeepAlive
        case .line(let line): return line.data == nil
        case .element, .message: return false
        }
    }

    /// Whether it is the bracket behind the last element of an array.
    public var closesArray: Bool {
        if case .element(let element) = self {
            element.isTerminated && element.data == nil
        } else {
            false
        }
    }

    /// Whether it can be moved, repeated or dropped alone; one that cannot would spoil its
    /// neighbours.
    public var isMovable: Bool {
        guard isTerminated else { return false }
        if case .sse(let event) = self { return !event.hasByteOrderMark }
        return true
    }

    /// The same frame with this JSON as its data.
    public func replacingJSON(_ value: JSONValue) -> StreamEvent {
        switch self {
        case .sse(let event): .sse(event.replacingData(value.encodedText()))
        case .line(let line): .line(line.replacingData(value.encoded()))
        case .element(let element): .element(element.replacingData(value.encoded()))
        case .message(let message): .message(message.replacingJSON(value))
        }
    }

    /// The bytes of events, joined.
    public static func bytes(of events: [StreamEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(events.reduce(0) { $0 + $1.bytes.count })
        for event in events { bytes += event.bytes }
        return bytes
    }

    /// Events of which some were dropped, moved or added, as one stream again.
    ///
    /// Only the elements of an array depend on their neighbours: the first follows the bracket,
    /// each other one a comma.
    public static func mended(_ events: [StreamEvent]) -> [StreamEvent] {
        var isOpen = false
        return events.map { event in
            guard case .element(let element) = event, element.isTerminated else { return event }
            let mended = element.opening(isOpen ? .comma : .bracket)
            isOpen = true
            return .element(mended)
        }
    }
}
