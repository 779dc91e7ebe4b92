public import Determinism

extension AnthropicMessages {
    /// The stream that says this; nil for a refusal as a part, for arguments that are empty and
    /// for a model where none was named.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        guard let blocks = Self.blocks(of: events), let old = blocks.content,
            let word = Self.word(for: content, in: old)
        else { return nil }
        if content.isExactly(old) { return events }
        var writer = BlockWriter(AnthropicForm(), events, blocks)
        guard writer.write(content.parts, from: old.parts) else { return nil }
        let edited = writer.result + blocks.tail.map { events[$0] }
        let result = edited.map { event in
            Self.framed(event, old: old, new: content, reason: word)
        }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    /// The JSON answer that says this; the arguments of calls must be compact JSON.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        guard let old = self.content(of: answer), let word = Self.word(for: content, in: old),
            let sources = PartSources(content.parts, from: old.parts)
        else { return nil }
        if content.isExactly(old) { return answer }
        let recorded = answer["content"]?.arrayValue ?? []
        guard let blocks = sources.blocks(of: recorded, edited: Self.block) else { return nil }
        var result = answer
        result["content"] = .array(blocks)
        if let model = content.model { result["model"] = .string(model) }
        if content.finish != old.finish { Self.finish(&result, word) }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    /// The reason to be written, null for none; nil where the answer has no form for it.
    private static func word(for content: AnswerContent, in old: AnswerContent) -> JSONValue? {
        guard (content.model == nil) == (old.model == nil) else { return nil }
        return finishes.value(for: content.finish)
    }

    /// An event of the frame with another model or reason.
    private static func framed(
        _ event: StreamEvent, old: AnswerContent, new: AnswerContent, reason: JSONValue
    ) -> StreamEvent {
        guard let decoded = AnthropicEvent(event) else { return event }
        var json = decoded.json
        if decoded.type == "message_start", let model = new.model {
            json["message"]?["model"] = .string(model)
        } else if decoded.type == "message_delta", new.finish != old.finish,
            decoded.stopReason != nil || old.finish == .unsaid, var delta = json["delta"]
        {
            finish(&delta, reason)
            json["delta"] = delta
        }
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// Sets why a message ended; what explained the old reason is null.
    static func finish(_ message: inout JSONValue, _ reason: JSONValue) {
        message["stop_reason"] = reason
        for key in ["stop_sequence", "stop_details"] where message[key] != nil {
            message[key] = .some(.null)
        }
    }

    /// The block of a document for a part: the recorded one with other members, or a fresh one.
    private static func block(_ part: AnswerPart, _ recorded: JSONValue?) -> JSONValue? {
        switch part {
        case .text(let text):
            var block = recorded ?? ["type": "text"]
            // What quotes sources for a text quotes none for another.
            if block["citations"]?.isBlank == false { block["citations"] = .none }
            block["text"] = .string(text)
            return block
        case .call(let call):
            guard let input = call.arguments.flatMap({ try? JSONValue.parse(text: $0) }) else {
                return nil
            }
            var block = recorded ?? ["type": "tool_use", "id": "", "name": ""]
            block["id"] = call.id.map { .string($0) }
            block["name"] = .string(call.name)
            block["input"] = .some(input)
            return block
        case .refusal, .kept: return nil
        }
    }
}
