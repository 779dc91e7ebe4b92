public import Cassette
public import Determinism

/// OpenAI chat completions, also as llama.cpp, Azure and other compatible servers speak them.
///
/// Source: https://platform.openai.com/docs/api-reference/chat. The answer is the choice with index
/// 0; an answer with several choices is read but not edited.
public struct OpenAIChat: WireProtocol {
    /// The stable identifier.
    public static let id = "openai-chat"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to the route, or carries `messages` and `model` to a route that
    /// belongs to no other protocol known.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        guard asciiEqual(request.method, "POST") else { return false }
        if request.posts(to: "/chat/completions") { return true }
        let path = request.path
        let isForeign =
            request.headers.contains("anthropic-version") || path.contains("/messages")
            || Self.foreignRoutes.contains { path.hasSuffix($0) }
        guard !isForeign, let body = request.json else { return false }
        return body["messages"]?.arrayValue != nil && body["model"]?.stringValue != nil
    }

    /// What one event means.
    ///
    /// One event may say several things; the role is the first of: terminator, error, text, start
    /// of a tool call (whose arguments, if it has any, only the summary shows), arguments, finish,
    /// usage.
    public func role(of event: StreamEvent) -> StreamEventRole {
        guard let chunk = OpenAIChatChunk(event) else {
            return event.isKeepAlive ? .ping : .other
        }
        if chunk.isDone { return .terminator }
        if chunk.isError { return .error }
        if !chunk.text.isEmpty { return .text(chunk.text) }
        for (place, delta) in chunk.toolDeltas.enumerated() {
            let index = delta.index ?? place
            if delta.opensCall {
                return .toolStart(index: index, id: delta.id ?? "", name: delta.name ?? "")
            }
            if let fragment = delta.arguments, !fragment.isEmpty {
                return .toolArguments(index: index, fragment: fragment)
            }
        }
        if let reason = chunk.finishReason { return .finish(reason: reason) }
        if chunk.choice == nil, chunk.hasUsage { return .usage }
        return chunk.hasRole && !chunk.carriesContent ? .start : .other
    }

    /// What a stream says.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        OpenAIChatReader.summary(of: events)
    }

    /// What a JSON answer says.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        OpenAIChatReader.summary(of: answer)
    }

    /// Routes of Ollama and Cohere, whose bodies look alike.
    private static let foreignRoutes = ["/api/chat", "/v2/chat", "/responses"]
}
