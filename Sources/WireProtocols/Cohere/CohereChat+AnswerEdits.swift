public import Determinism

extension CohereChat {
    /// The answer with its text cut to `characters` Unicode scalars and `finish_reason`
    /// `MAX_TOKENS`.
    ///
    /// Blocks and tool calls behind the cut are dropped, and so are citations of what is lost. Nil
    /// when there is no text or it is shorter.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let blocks = answer["message"]?["content"]?.arrayValue else { return nil }
        let total = ScalarPrefix.count(CohereReader.summary(of: answer).text)
        let isLong = answer["finish_reason"]?.stringValue != "MAX_TOKENS" || characters < total
        guard total > 0, (0...total).contains(characters), isLong else { return nil }
        let kept = BlockPrefix.of(blocks, characters: characters) { block in
            Self.isText(block) ? block["text"]?.stringValue ?? "" : nil
        }
        return Self.edited(answer, reason: "MAX_TOKENS", losesText: characters < total) { message in
            message["content"] = kept.isEmpty ? .none : .array(kept)
            let citations = (message["citations"]?.arrayValue ?? []).filter {
                Self.cites($0, kept)
            }
            message["citations"] = citations.isEmpty ? .none : .array(citations)
        }
    }

    /// Whether a citation is of something that these blocks still say.
    private static func cites(_ citation: JSONValue, _ blocks: [JSONValue]) -> Bool {
        // A plan goes with the tool calls that it is for.
        guard citation["type"]?.stringValue != "PLAN", let end = citation["end"]?.placeValue else {
            return false
        }
        let place = citation["content_index"]?.placeValue ?? blocks.firstIndex(where: isText)
        guard let place, blocks.indices.contains(place) else { return false }
        let text = blocks[place]["text"] ?? blocks[place]["thinking"]
        return end <= ScalarPrefix.count(text?.stringValue ?? "")
    }

    private static func isText(_ block: JSONValue) -> Bool {
        block["type"]?.stringValue == "text"
    }

    /// The answer with no content, `finish_reason` `COMPLETE` and only the tokens of its frame.
    ///
    /// Nil when there is no content to lose.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        let summary = CohereReader.summary(of: answer)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty else { return nil }
        var result = Self.edited(answer, reason: "COMPLETE", losesText: true) { message in
            message["content"] = .none
            message["citations"] = .none
        }
        if let usage = result["usage"] { result["usage"] = CohereUsage.ofNothing(usage) }
        return result
    }

    /// The answer whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Nil when there is no tool call, or the call has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard let calls = answer["message"]?["tool_calls"]?.arrayValue,
            let arguments = calls.last?["function"]?["arguments"]?.stringValue,
            let cut = ArgumentPrefix.length(of: arguments, members: members)
        else { return nil }
        var answer = answer
        answer["message"]?["tool_calls"]?[calls.count - 1]?["function"]?["arguments"] =
            .string(ArgumentPrefix.prefix(arguments, bytes: cut))
        return answer
    }

    /// The answer without tool calls and their plan; the provider leaves out what is empty.
    private static func edited(
        _ answer: JSONValue, reason: String, losesText: Bool, _ change: (inout JSONValue) -> Void
    ) -> JSONValue {
        guard var message = answer["message"] else { return answer }
        var answer = answer
        change(&message)
        message["tool_calls"] = .none
        message["tool_plan"] = .none
        answer["message"] = message
        answer["finish_reason"] = .string(reason)
        if losesText { answer["logprobs"] = .none }
        return answer
    }
}
