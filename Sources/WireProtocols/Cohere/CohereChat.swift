public import Cassette
public import Determinism

/// Cohere chat, version 2.
///
/// Source: https://docs.cohere.com/v2/reference/chat-stream. Thinking, the plan for tools and
/// citations are kept but are no text. The answer is whole with `message-end`; the `[DONE]` that
/// follows it today ends only the stream.
public struct CohereChat: WireProtocol {
    /// The stable identifier.
    public static let id = "cohere-chat"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to the route, also below a mount, with `messages` and `model`.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        let isMounted = request.path == "/chat" && isHost(host, below: "cohere.com")
        guard request.posts(to: isMounted ? "/chat" : "/v2/chat"), let body = request.json else {
            return false
        }
        return body["messages"]?.arrayValue != nil && body["model"]?.stringValue != nil
    }

    /// What one event means.
    ///
    /// Thinking, plans, citations and the frames of blocks are `other`; so are pieces that are
    /// empty. An end without a reason is a terminator.
    public func role(of event: StreamEvent) -> StreamEventRole {
        if CohereEvent.isDone(event) { return .terminator }
        guard let decoded = CohereEvent(event) else {
            return event.isKeepAlive ? .ping : .other
        }
        if decoded.isError { return .error }
        if decoded.isEnd { return decoded.finishReason.map { .finish(reason: $0) } ?? .terminator }
        if decoded.type == "message-start" { return .start }
        if !decoded.text.isEmpty { return .text(decoded.text) }
        if let call = decoded.startedCall {
            return .toolStart(index: decoded.index, id: call.id, name: call.name)
        }
        if !decoded.arguments.isEmpty {
            return .toolArguments(index: decoded.index, fragment: decoded.arguments)
        }
        return .other
    }

    /// What a stream says.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        CohereReader.summary(of: events)
    }

    /// What a JSON answer says.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        CohereReader.summary(of: answer)
    }
}
