import Cassette
import Determinism

/// The two routes of Ollama on which a model answers.
enum OllamaRoute: String {
    case chat = "/api/chat"
    case generate = "/api/generate"
}

/// What the routes of Ollama have in common: lines of JSON, the last of which says `done`.
///
/// Tool calls come whole, their arguments as an object. A whole answer is one such line.
protocol OllamaAPI: WireProtocol {
    /// The route that it speaks.
    var route: OllamaRoute { get }
}

extension OllamaAPI {
    /// Whether the request goes to the route and names a model, which Ollama demands.
    public func matches(_ request: RecordedRequest, host: String) -> Bool {
        request.posts(to: route.rawValue) && model(of: request) != nil
    }

    /// What one event means.
    ///
    /// One line may say several things; the role is the first of: error, text, start of a tool
    /// call (further calls and the arguments only the summary shows), terminator. Thinking is
    /// `other`.
    public func role(of event: StreamEvent) -> StreamEventRole {
        guard let line = OllamaLine(event.json, route) else {
            return event.isKeepAlive ? .ping : .other
        }
        if line.isError { return .error }
        if !line.text.isEmpty { return .text(line.text) }
        if let first = line.calls.first {
            let call = ToolCall(OllamaLine.call(first))
            let index = first["function"]?["index"]?.placeValue ?? 0
            return .toolStart(index: index, id: call.id, name: call.name)
        }
        return line.isDone ? .terminator : .other
    }

    /// Whether it is the last line, which may carry content too.
    public func finishes(_ event: StreamEvent) -> Bool {
        guard let line = OllamaLine(event.json, route) else { return false }
        return line.isDone && !line.isError
    }

    /// What a stream says; calls are in their order of arrival, as clients keep them.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        var summary = AnswerSummary()
        for event in events {
            guard let line = OllamaLine(event.json, route) else { continue }
            if line.isError { break }
            summary.text += line.text
            summary.toolCalls += line.toolCalls
            if line.isDone {
                summary.finishReason = line.doneReason
                summary.terminated = true
                break
            }
        }
        return summary
    }

    /// What a JSON answer says.
    public func summary(of answer: JSONValue) -> AnswerSummary {
        let line = OllamaLine(answer, route)
        return AnswerSummary(
            text: line?.text ?? "", toolCalls: line?.toolCalls ?? [],
            finishReason: line?.doneReason, terminated: true)
    }
}
