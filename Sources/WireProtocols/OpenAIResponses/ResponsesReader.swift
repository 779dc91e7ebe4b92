import Determinism

/// Reads whole answers of the responses protocol.
enum ResponsesReader {
    /// What a stream says; what follows its end or an error is not read.
    static func summary(of events: [StreamEvent]) -> AnswerSummary {
        var reading = ResponsesReading()
        for event in events {
            guard let decoded = ResponsesEvent(event) else { continue }
            if decoded.isError { break }
            reading.take(decoded)
            if decoded.finishReason != nil { break }
        }
        return reading.summary
    }

    /// What a JSON answer says.
    static func summary(of answer: JSONValue) -> AnswerSummary {
        var summary = AnswerSummary(finishReason: finishReason(of: answer), terminated: true)
        for item in answer["output"]?.arrayValue ?? [] {
            let kind = ResponsesItemKind(item)
            if kind == .message { summary.text += text(of: item) }
            if kind.argumentsKey != nil { summary.toolCalls.append(call(of: item)) }
        }
        return summary
    }

    /// The status of a response, or why it is incomplete.
    private static func finishReason(of response: JSONValue) -> String? {
        let status = response["status"]?.stringValue
        return status == "incomplete" ? ResponsesEvent.incompleteReason(of: response) : status
    }

    /// The visible text of a message.
    static func text(of item: JSONValue) -> String {
        (item["content"]?.arrayValue ?? []).map { part in
            isText(part) ? part["text"]?.stringValue ?? "" : ""
        }.joined()
    }

    /// Whether a part of a message is visible text.
    static func isText(_ part: JSONValue) -> Bool {
        part["type"]?.stringValue == "output_text"
    }

    /// The call in an item; its result must name the `call_id`, not the item.
    static func call(of item: JSONValue) -> ToolCall {
        let arguments = ResponsesItemKind(item).argumentsKey.flatMap { item[$0]?.stringValue }
        return ToolCall(
            id: item["call_id"]?.stringValue ?? "", name: item["name"]?.stringValue ?? "",
            arguments: arguments ?? "")
    }

    /// The events up to the end of a stream that can be edited: whole and finished.
    static func editableBody(of events: [StreamEvent]) -> ArraySlice<StreamEvent>? {
        for (place, event) in events.enumerated() {
            guard let decoded = ResponsesEvent(event) else { continue }
            if decoded.isError { return nil }
            if decoded.finishReason != nil { return events[...place] }
        }
        return nil
    }
}
