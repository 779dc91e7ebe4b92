public import Cassette
public import Determinism

/// OpenAI Responses, also as Azure, xAI, LM Studio and other compatible servers speak it.
///
/// Source: https://platform.openai.com/docs/api-reference/responses-streaming. One event carries
/// the whole response, says why it ended and ends the stream. Reasoning may be encrypted: an edit
/// keeps it whole, drops it whole, or gives nil.
public struct OpenAIResponses: WireProtocol {
    /// The stable identifier.
    public static let id = "openai-responses"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    /// Whether the request goes to the route; without the version before it the body must tell.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        if request.posts(to: "/v1/responses") { return true }
        guard request.posts(to: "/responses"), let body = request.json else { return false }
        return body["model"]?.stringValue != nil
            && Self.inputKeys.contains { body[$0]?.nonNull != nil }
    }

    /// What one event means.
    ///
    /// Reasoning, refusals, the provider's own tools, pieces that are empty and the events that
    /// repeat what is whole are `other`.
    public func role(of event: StreamEvent) -> StreamEventRole {
        guard let decoded = ResponsesEvent(event) else {
            return event.isKeepAlive ? .ping : .other
        }
        if decoded.isError { return .error }
        if decoded.finishReason != nil { return .terminator }
        if let text = decoded.textDelta { return text.isEmpty ? .other : .text(text) }
        if let fragment = decoded.argumentsDelta {
            let index = decoded.outputIndex
            return fragment.isEmpty ? .other : .toolArguments(index: index, fragment: fragment)
        }
        switch decoded.type {
        case "response.created": return .start
        case "response.output_item.added": return Self.role(ofOpening: decoded)
        case "keepalive": return .ping
        default: return .other
        }
    }

    private static func role(ofOpening event: ResponsesEvent) -> StreamEventRole {
        guard let item = event.openedItem, ResponsesItemKind(item).argumentsKey != nil else {
            return .other
        }
        let call = ResponsesReader.call(of: item)
        return .toolStart(index: event.outputIndex, id: call.id, name: call.name)
    }

    /// What a stream says.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        ResponsesReader.summary(of: events)
    }

    /// What a JSON answer says.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        ResponsesReader.summary(of: answer)
    }

    /// What a request for an answer carries at least one of.
    static let inputKeys = [
        "input", "instructions", "prompt", "previous_response_id", "conversation",
    ]
}
