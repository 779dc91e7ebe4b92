import Determinism

/// Changes how a response ends, in the event that ends a stream and in a whole answer.
enum ResponsesEnding {
    /// The reason of a response that ran out of tokens.
    static let length = "max_output_tokens"

    /// Says that the response is complete, or that it ran out of tokens.
    static func finish(_ response: inout JSONValue, isComplete: Bool) {
        response["status"] = .string(isComplete ? "completed" : "incomplete")
        if !isComplete {
            response["incomplete_details"] = ["reason": .string(length)]
        } else if response["incomplete_details"] != nil {
            response["incomplete_details"] = .some(.null)
        }
        guard let completedAt = response["completed_at"] else { return }
        if !isComplete {
            response["completed_at"] = .some(.null)
        } else if completedAt.isNull {
            response["completed_at"] = response["created_at"] ?? .null
        }
    }

    /// Replaces the output, and the text that some servers repeat beside it.
    static func replaceOutput(_ response: inout JSONValue, by output: [JSONValue]) {
        response["output"] = .array(output)
        if response["output_text"]?.stringValue != nil {
            response["output_text"] = .string(ResponsesReader.summary(of: response).text)
        }
    }

    /// Takes the tokens of what is no longer there out of the usage; reasoning was still paid for.
    static func emptyUsage(_ response: inout JSONValue) {
        guard let usage = response["usage"], usage["output_tokens"] != nil else { return }
        let details = usage["output_tokens_details"]
        let reasoning = details?["reasoning_tokens"]?.intValue ?? 0
        response["usage"]?["output_tokens"] = .int(reasoning)
        guard usage["total_tokens"] != nil, let input = usage["input_tokens"]?.intValue else {
            return
        }
        let total = input.addingReportingOverflow(reasoning)
        if !total.overflow { response["usage"]?["total_tokens"] = .int(total.partialValue) }
    }

    /// The event that ends a stream with its response changed; nil when the change gives nil.
    static func edited(
        _ event: StreamEvent, _ decoded: ResponsesEvent, isComplete: Bool? = nil,
        output change: ([JSONValue]) -> [JSONValue]?
    ) -> StreamEvent? {
        var json = decoded.json
        var response = json["response"] ?? [:]
        if response.objectValue == nil { response = [:] }
        if let output = response["output"]?.arrayValue {
            guard let changed = change(output) else { return nil }
            if changed != output { replaceOutput(&response, by: changed) }
        }
        var type = decoded.type
        if let isComplete {
            finish(&response, isComplete: isComplete)
            if isComplete, response["output"] != nil { emptyUsage(&response) }
            type = isComplete ? "response.completed" : "response.incomplete"
        }
        json["response"] = response
        if json["type"] != nil { json["type"] = .string(type) }
        return json == decoded.json ? event : event.replacingJSON(json, name: type)
    }

    /// The events that an edit kept, numbered without a gap where it dropped others.
    static func renumbered(
        _ events: ArraySlice<StreamEvent>, _ edited: [StreamEvent?]
    ) -> [StreamEvent] {
        var result: [StreamEvent] = []
        var lost: Int64 = 0
        for (event, kept) in zip(events, edited) {
            if let kept {
                result.append(lost == 0 ? kept : lowered(kept, by: lost))
            } else if ResponsesEvent(event)?.sequenceNumber != nil {
                lost += 1
            }
        }
        return result
    }

    private static func lowered(_ event: StreamEvent, by lost: Int64) -> StreamEvent {
        guard let decoded = ResponsesEvent(event), let number = decoded.sequenceNumber else {
            return event
        }
        let lowered = number.subtractingReportingOverflow(lost)
        guard !lowered.overflow else { return event }
        var json = decoded.json
        json["sequence_number"] = .int(lowered.partialValue)
        return event.replacingJSON(json)
    }
}
