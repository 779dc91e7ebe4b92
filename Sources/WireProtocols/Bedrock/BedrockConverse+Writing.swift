public import Determinism

extension BedrockConverse {
    /// The stream that says this; nil for a refusal as a part, for arguments that are empty and
    /// for a model.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        let (isSaid, word) = Self.finishes.word(for: content.finish)
        guard isSaid, let blocks = Self.blocks(of: events), let old = blocks.content else {
            return nil
        }
        if content.isExactly(old) { return events }
        var writer = BlockWriter(BedrockConverseForm(), events, blocks)
        guard writer.write(content.parts, from: old.parts) else { return nil }
        let result =
            writer.result
            + blocks.tail.map { place in
                let event = events[place]
                guard content.finish != old.finish, let stop = BedrockConverseEvent(event),
                    stop.isStop
                else { return event }
                return event.replacingJSON(Self.finished(stop.json, word))
            }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    /// The JSON answer that says this; the arguments of calls must be compact JSON.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        let (isSaid, word) = Self.finishes.word(for: content.finish)
        guard isSaid, let old = self.content(of: answer),
            let sources = PartSources(content.parts, from: old.parts)
        else { return nil }
        if content.isExactly(old) { return answer }
        let recorded = Self.blocks(of: answer) ?? []
        guard let blocks = sources.blocks(of: recorded, edited: Self.block) else { return nil }
        var result = answer
        result["output"]?["message"]?["content"] = .array(blocks)
        if content.finish != old.finish { result = Self.finished(result, word) }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    private static func finished(_ json: JSONValue, _ word: String?) -> JSONValue {
        if let word { return BedrockConverseStop.withReason(word, json) }
        var json = json
        json["stopReason"] = .none
        return json
    }

    /// The block of a document for a part: the recorded one with other members, or a fresh one.
    ///
    /// What cites sources for a text cites none for another: that is a plain text.
    private static func block(_ part: AnswerPart, _ recorded: JSONValue?) -> JSONValue? {
        switch part {
        case .text(let text): return ["text": .string(text)]
        case .call(let call):
            guard let input = call.arguments.flatMap({ try? JSONValue.parse(text: $0) }) else {
                return nil
            }
            var tool = recorded?["toolUse"] ?? ["toolUseId": "", "name": ""]
            tool["toolUseId"] = call.id.map { .string($0) }
            tool["name"] = .string(call.name)
            tool["input"] = .some(input)
            return ["toolUse": tool]
        case .refusal, .kept: return nil
        }
    }
}
