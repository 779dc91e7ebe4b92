public import Determinism

extension BedrockConverse {
    /// The answer with its text cut to `characters` Unicode scalars and `stopReason` `max_tokens`.
    ///
    /// Blocks behind the cut are dropped. Nil when there is no text or it is shorter.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let blocks = Self.blocks(of: answer) else { return nil }
        let summary = summary(of: answer)
        let total = ScalarPrefix.count(summary.text)
        let isLong = summary.finishReason != "max_tokens" || characters < total
        guard total > 0, (0...total).contains(characters), isLong else { return nil }
        let kept = BlockPrefix.of(
            blocks, characters: characters,
            text: { block in
                BedrockConverseBlock.kind(of: block) == .text
                    ? BedrockConverseBlock.text(of: block) : nil
            },
            shortened: { BedrockConverseBlock.prefix(of: $0, count: $1) })
        return Self.edited(answer, content: kept, reason: "max_tokens")
    }

    /// The answer with no content but leading signed reasoning, `end_turn` and two tokens of
    /// output.
    ///
    /// Nil when there is no content to lose, or reasoning follows a block which would go.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        guard let blocks = Self.blocks(of: answer) else { return nil }
        let reasoning = blocks.prefix { BedrockConverseBlock.kind(of: $0) == .reasoning }
        let others = blocks.dropFirst(reasoning.count)
        let summary = summary(of: answer)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty,
            !others.contains(where: { BedrockConverseBlock.kind(of: $0) == .reasoning })
        else { return nil }
        let edited = Self.edited(answer, content: Array(reasoning), reason: "end_turn")
        return BedrockConverseStop.withOutputTokens(2, edited)
    }

    /// The answer whose last tool call keeps the first `members` members of its input.
    ///
    /// The input is an object inside the document, so it stays whole JSON: the object that a
    /// lenient parser makes of the cut. Nil when there is no tool call, or it has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard let blocks = Self.blocks(of: answer),
            let place = blocks.lastIndex(where: { BedrockConverseBlock.call(of: $0) != nil }),
            let input = ArgumentPrefix.object(blocks[place]["toolUse"]?["input"], members: members)
        else { return nil }
        var answer = answer
        answer["output"]?["message"]?["content"]?[place]?["toolUse"]?["input"] = input
        return answer
    }

    private static func edited(
        _ answer: JSONValue, content: [JSONValue], reason: String
    ) -> JSONValue {
        var answer = answer
        answer["output"]?["message"]?["content"] = .array(content)
        return BedrockConverseStop.withReason(reason, answer)
    }
}
