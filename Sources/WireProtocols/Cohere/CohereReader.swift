import Determinism

/// Reads whole answers of the chat protocol.
enum CohereReader {
    private struct Slot {
        var index: Int
        var call: ToolCall
        var isClosed = false
    }

    /// What a stream says; what follows its end or an error is not read.
    static func summary(of events: [StreamEvent]) -> AnswerSummary {
        var summary = AnswerSummary()
        var slots: [Slot] = []
        for event in events {
            if CohereEvent.isDone(event) {
                summary.terminated = true
                break
            }
            guard let decoded = CohereEvent(event) else { continue }
            if decoded.isEnd {
                summary.finishReason = decoded.finishReason
                summary.terminated = !decoded.isError
                break
            }
            summary.text += decoded.text
            take(decoded, &slots)
        }
        let order = slots.indices.sorted { (slots[$0].index, $0) < (slots[$1].index, $1) }
        summary.toolCalls = order.map { call(slots[$0]) }
        return summary
    }

    private static func take(_ event: CohereEvent, _ slots: inout [Slot]) {
        if let call = event.startedCall {
            slots.append(Slot(index: event.index, call: call))
        } else if event.block?.kind == .toolCall,
            let place = slots.lastIndex(where: { $0.index == event.index })
        {
            slots[place].call.arguments += event.arguments
            if event.isStop { slots[place].isClosed = true }
        }
    }

    private static func call(_ slot: Slot) -> ToolCall {
        var call = slot.call
        // A tool without parameters gets no pieces; a whole answer says {} for the same.
        if slot.isClosed, call.arguments.isEmpty { call.arguments = "{}" }
        return call
    }

    /// What a JSON answer says.
    static func summary(of answer: JSONValue) -> AnswerSummary {
        let message = answer["message"]
        let calls = message?["tool_calls"]?.arrayValue ?? []
        return AnswerSummary(
            text: message?["content"]?.contentText ?? "", toolCalls: calls.map(CohereEvent.call),
            finishReason: answer["finish_reason"]?.stringValue, terminated: true)
    }

    /// The place of the end of a stream that can be edited: whole, without an error.
    static func editableEnd(of events: [StreamEvent]) -> Int? {
        for (place, event) in events.enumerated() {
            if CohereEvent.isDone(event) { return nil }
            guard let decoded = CohereEvent(event), decoded.isEnd else { continue }
            return decoded.isError || decoded.finishReason == nil ? nil : place
        }
        return nil
    }
}
