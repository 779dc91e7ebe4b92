public import Determinism

extension Gemini {
    /// The answer with its text cut to `characters` Unicode scalars and `finishReason`
    /// `MAX_TOKENS`.
    ///
    /// Parts behind the cut are dropped but for empty texts, which carry a signature. Nil when
    /// there is no text or it is shorter, or there are several candidates.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let chunk = GeminiReader.editableAnswer(answer) else { return nil }
        let total = ScalarPrefix.count(chunk.text)
        let isLong = chunk.finishReason != "MAX_TOKENS" || characters < total
        guard total > 0, (0...total).contains(characters), isLong else { return nil }
        var kept: [JSONValue] = []
        var left = characters
        var isBehind = false
        for part in chunk.parts {
            let text = GeminiPart.text(part)
            guard !isBehind, !text.isEmpty else {
                if !isBehind || GeminiPart.isEmptyText(part) { kept.append(part) }
                continue
            }
            let count = ScalarPrefix.count(text)
            if left > 0 {
                var short = part
                if count > left { short["text"] = .string(ScalarPrefix.of(text, count: left)) }
                kept.append(short)
            }
            left = max(0, left - count)
            isBehind = left == 0
        }
        return Self.edited(chunk, parts: kept, losesText: characters < total, reason: "MAX_TOKENS")
    }

    /// The answer with the thoughts before its content, `STOP` and no tokens of output.
    ///
    /// Nil when there is no content to lose, or there are several candidates.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        guard let chunk = GeminiReader.editableAnswer(answer) else { return nil }
        let summary = GeminiReader.summary(of: answer)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty else { return nil }
        let parts = GeminiEdits.partsWithoutContent(chunk.parts)
        let edited = Self.edited(chunk, parts: parts, losesText: true, reason: "STOP")
        return GeminiEdits.withoutOutputTokens(edited)
    }

    /// The answer whose last tool call keeps the first `members` members of its arguments.
    ///
    /// The arguments are an object inside the document, so they stay whole JSON: the object that a
    /// lenient parser makes of the cut. Nil when there is no tool call, or it has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard let chunk = GeminiReader.editableAnswer(answer), var candidate = chunk.candidate,
            let place = chunk.parts.lastIndex(where: { GeminiPart.call($0) != nil }),
            let arguments = ArgumentPrefix.object(
                GeminiPart.call(chunk.parts[place])?["args"], members: members)
        else { return nil }
        candidate["content"]?["parts"]?[place]?["functionCall"]?["args"] = arguments
        return chunk.replacingCandidate(candidate)
    }

    private static func edited(
        _ chunk: GeminiChunk, parts: [JSONValue], losesText: Bool, reason: String
    ) -> JSONValue {
        guard var candidate = chunk.candidate else { return chunk.json }
        GeminiEdits.replaceParts(&candidate, parts)
        if losesText { GeminiEdits.dropDescriptions(&candidate) }
        GeminiEdits.finish(&candidate, reason)
        return chunk.replacingCandidate(candidate)
    }
}
