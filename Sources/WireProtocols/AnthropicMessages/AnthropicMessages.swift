public import Cassette
import Determinism

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
    public func matches(_ request: RecordedRequest) -> Bool {
        request.posts(to: "/v1/messages")
            || (request.posts(to: "/messages") && request.headers.contains("anthropic-version"))
    }

    /// The model in the body.
    public func model(of request: RecordedRequest) -> String? {
        request.json?["model"]?.stringValue
    }

    /// Whether the body asks for a stream.
    public func isStreaming(_ request: RecordedRequest) -> Bool {
        request.json?["stream"]?.boolValue == true
    }

    /// What one event means.
    ///
    /// Thinking, signatures and the frames of blocks are `other`; so are pieces that are empty.
    public func role(of event: SSEEvent) -> StreamEventRole {
        guard let decoded = AnthropicEvent(event) else {
            return event.isTerminated && event.isKeepAlive ? .ping : .other
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

    /// What a body says.
    public func summary(of body: [UInt8], streamed: Bool) -> AnswerSummary {
        if streamed { return AnthropicReader.summary(of: SSE.events(of: body)) }
        guard let answer = try? JSONValue.parse(body) else { return AnswerSummary() }
        return AnthropicReader.summary(of: answer)
    }
}
