import Determinism

/// Reads whole answers of the chat completions protocol.
enum OpenAIChatReader {
    /// What a stream says; what follows the terminator or an error is not read, as in the SDKs.
    static func summary(of events: [StreamEvent]) -> AnswerSummary {
        var summary = AnswerSummary()
        var calls = OpenAIToolCalls()
        for event in events {
            guard let chunk = OpenAIChatChunk(event) else { continue }
            if chunk.isDone {
                summary.terminated = true
                break
            }
            if chunk.isError { break }
            summary.text += chunk.text
            for delta in chunk.toolDeltas { _ = calls.add(delta) }
            if let reason = chunk.finishReason { summary.finishReason = reason }
        }
        summary.toolCalls = calls.calls
        return summary
    }

    /// What a JSON answer says.
    static func summary(of answer: JSONValue) -> AnswerSummary {
        let choice = answer["choices"]?[0]
        let message = choice?["message"]
        let calls = (message?["tool_calls"]?.arrayValue ?? []).map { call in
            ToolCall(OpenAIChatCallForm.call(call))
        }
        return AnswerSummary(
            text: message?["content"]?.contentText ?? "", toolCalls: calls,
            finishReason: choice?["finish_reason"]?.stringValue, terminated: true)
    }

    /// The summary of a stream that can be edited: whole, finished, with one choice.
    static func editableSummary(of events: [StreamEvent]) -> AnswerSummary? {
        let summary = summary(of: events)
        guard summary.terminated, summary.finishReason != nil else { return nil }
        let hasOthers = events.contains { OpenAIChatChunk($0)?.hasOtherChoices == true }
        return hasOthers ? nil : summary
    }
}
