public import Determinism

extension AnthropicMessages {
    /// The answer with its text cut to `characters` Unicode scalars and `stop_reason` `max_tokens`.
    ///
    /// Blocks behind the cut are dropped. Nil when there is no text or it is shorter.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let blocks = answer["content"]?.arrayValue else { return nil }
        let total = ScalarPrefix.count(AnthropicReader.summary(of: answer).text)
        let isLong = answer["stop_reason"]?.stringValue != "max_tokens" || characters < total
        guard total > 0, (0...total).contains(characters), isLong else { return nil }
        let kept = BlockPrefix.of(blocks, characters: characters) { block in
            AnthropicEvent.kind(of: block) == .text ? block["text"]?.stringValue ?? "" : nil
        }
        return Self.edited(answer, content: kept, reason: "max_tokens")
    }

    /// The answer with no content but leading signed thinking, `end_turn` and two tokens of output.
    ///
    /// Nil when there is no content to lose, or thinking follows a block which would go.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        guard let blocks = answer["content"]?.arrayValue else { return nil }
        let thinking = blocks.prefix { AnthropicEvent.kind(of: $0) == .thinking }
        let others = blocks.dropFirst(thinking.count)
        let summary = AnthropicReader.summary(of: answer)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty,
            !others.contains(where: { AnthropicEvent.kind(of: $0) == .thinking })
        else { return nil }
        var result = Self.edited(answer, content: Array(thinking), reason: "end_turn")
        if result["usage"]?.objectValue == nil { result["usage"] = [:] }
        result["usage"]?["output_tokens"] = 2
        return result
    }

    /// The answer whose last tool call keeps the first `members` members of its input.
    ///
    /// The input is an object inside the document, so it stays whole JSON: the object that a
    /// lenient parser makes of the cut. Nil when there is no tool call, or it has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard let blocks = answer["content"]?.arrayValue,
            let place = blocks.lastIndex(where: { AnthropicEvent.kind(of: $0) == .toolUse }),
            let input = ArgumentPrefix.object(blocks[place]["input"], members: members)
        else { return nil }
        var answer = answer
        answer["content"]?[place]?["input"] = input
        return answer
    }

    private static func edited(
        _ answer: JSONValue, content: [JSONValue], reason: String
    ) -> JSONValue {
        var answer = answer
        answer["content"] = .array(content)
        finish(&answer, .string(reason))
        return answer
    }
}
