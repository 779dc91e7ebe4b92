public import Determinism

extension CohereChat {
    /// The stream that says this; nil for a refusal as a part, for arguments that are empty, for
    /// calls before other parts and for a model.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        let (isSaid, word) = Self.finishes.word(for: content.finish)
        guard isSaid, let old = self.content(of: events), let blocks = Self.blocks(of: events)
        else { return nil }
        if content.isExactly(old) { return events }
        var writer = BlockWriter(CohereForm(), events, blocks)
        guard writer.write(content.parts, from: old.parts) else { return nil }
        var quotes = CohereStreamQuotes(movedIndices: writer.movedIndices)
        var result = writer.result.compactMap { quotes.kept($0) }
        for place in blocks.tail {
            let event = events[place]
            guard content.finish != old.finish, let end = CohereEvent(event), end.isEnd else {
                result.append(event)
                continue
            }
            var json = end.json
            json["delta"]?["finish_reason"] = word.map { .string($0) }
            result.append(event.replacingJSON(json))
        }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    /// The JSON answer that says this; nil for calls before other parts and for a plan behind one.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        let (isSaid, word) = Self.finishes.word(for: content.finish)
        guard isSaid, let old = self.content(of: answer), var message = answer["message"],
            let lists = Self.lists(of: message),
            let sources = PartSources(content.parts, from: old.parts)
        else { return nil }
        if content.isExactly(old) { return answer }
        let plan: [JSONValue] = lists.hasPlan ? [message["tool_plan"] ?? ""] : []
        let recorded = plan + lists.content + lists.calls
        guard let blocks = sources.blocks(of: recorded, edited: Self.block) else { return nil }
        // A plan that stays stands first: a document has no other place for it.
        let hasPlan = lists.hasPlan && sources.places.first == .some(0)
        guard hasPlan || !lists.hasPlan || !sources.places.contains(0) else { return nil }
        let others = blocks.dropFirst(hasPlan ? 1 : 0)
        let callCount = content.calls.count
        if !hasPlan { message["tool_plan"] = .none }
        Self.set(&message, "content", Array(others.dropLast(callCount)))
        Self.set(&message, "tool_calls", Array(others.suffix(callCount)))
        if let citations = message["citations"]?.arrayValue {
            let quotes = CohereQuotes(
                content, old, sources, contentStart: plan.count, hasPlan: hasPlan)
            Self.set(&message, "citations", citations.compactMap { quotes.kept($0) })
        }
        var result = answer
        result["message"] = message
        if content.text != old.text, result["logprobs"] != nil { result["logprobs"] = .none }
        if content.finish != old.finish { result["finish_reason"] = word.map { .string($0) } }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    /// Sets a list of the message; the provider leaves out what is empty.
    private static func set(_ message: inout JSONValue, _ key: String, _ list: [JSONValue]) {
        if list.isEmpty {
            if message[key]?.isBlank == false { message[key] = .none }
        } else {
            message[key] = .array(list)
        }
    }

    /// The element of a document for a part: the recorded one with other members, or a fresh one.
    private static func block(_ part: AnswerPart, _ recorded: JSONValue?) -> JSONValue? {
        switch part {
        case .text(let text):
            var block = recorded ?? ["type": "text"]
            block["text"] = .string(text)
            return block
        case .call(let call):
            var tool: JSONValue = recorded ?? ["id": "", "type": "function"]
            var function = tool["function"] ?? [:]
            tool["id"] = call.id.map { .string($0) }
            function["name"] = .string(call.name)
            function["arguments"] = call.arguments.map { .string($0) }
            tool["function"] = function
            return tool
        case .refusal, .kept: return nil
        }
    }
}
