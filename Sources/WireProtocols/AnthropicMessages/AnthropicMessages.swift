public import Cassette
public import Determinism

/// Anthropic messages.
///
/// Source: https://docs.anthropic.com/en/api/messages-streaming. Thinking blocks are signed: an
/// edit keeps them whole, drops them whole, or gives nil.
public struct AnthropicMessages: WireProtocol {
    /// The stable identifier.
    public static let id = "anthropic-messages"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to the route; a shorter one needs the header `anthropic-version`.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        request.posts(to: "/v1/messages")
            || (request.posts(to: "/messages") && request.headers.contains("anthropic-version"))
    }

    /// What one event means.
    ///
    /// Thinking, signatures and the frames of blocks are `other`; so are pieces that are empty.
    public func role(of event: StreamEvent) -> StreamEventRole {
        guard let decoded = AnthropicEvent(event) else {
            return event.isKeepAlive ? .ping : .other
        }
        switch decoded.type {
        case "message_start": return .start
        case "content_block_start": return Self.role(ofStart: decoded)
        case "content_block_delta": return Self.role(ofDelta: decoded)
        case "message_delta": return decoded.stopReason.map { .finish(reason: $0) } ?? .usage
        case "message_stop": return .terminator
        case "error": return .error
        case "ping": return .ping
        default: return .other
        }
    }

    private static func role(ofStart event: AnthropicEvent) -> StreamEventRole {
        let block = event.json["content_block"]
        switch event.startedKind {
        case .text:
            let text = block?["text"]?.stringValue ?? ""
            return text.isEmpty ? .other : .text(text)
        case .toolUse:
            return .toolStart(
                index: event.index, id: block?["id"]?.stringValue ?? "",
                name: block?["name"]?.stringValue ?? "")
        default: return .other
        }
    }

    private static func role(ofDelta event: AnthropicEvent) -> StreamEventRole {
        if let text = event.textDelta, !text.isEmpty { return .text(text) }
        if let fragment = event.argumentsDelta, !fragment.isEmpty {
            return .toolArguments(index: event.index, fragment: fragment)
        }
        return .other
    }

    /// What a stream says.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        AnthropicReader.summary(of: events)
    }

    /// What a JSON answer says.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        AnthropicReader.summary(of: answer)
    }
}
