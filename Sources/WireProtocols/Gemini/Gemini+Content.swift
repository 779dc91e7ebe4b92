public import Determinism

extension Gemini {
    /// What a whole stream says; nil for several candidates, for a blocked prompt and where one
    /// part is a text and a call.
    ///
    /// Neighbouring texts are one part, whatever their chunks, and so are neighbouring thoughts.
    /// Thoughts, images, code and signatures without a text are kept; an empty text without a
    /// signature is no part. Arguments of calls are objects, which are read as compact JSON.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        GeminiStream(events)?.content
    }

    /// What a JSON answer says: a part for each of its parts; nil where one is a text and a call.
    public func content(of answer: JSONValue) -> AnswerContent? {
        guard let chunk = GeminiReader.editableAnswer(answer) else { return nil }
        var callCount = 0
        var calls = GeminiCalls()
        var parts: [AnswerPart] = []
        for part in chunk.parts {
            if GeminiPart.isMixed(part) { return nil }
            if let slot = calls.add(part) {
                // Only streams send a call in pieces.
                guard slot == callCount, let call = GeminiCalls.call(part) else { return nil }
                parts.append(.call(call))
                callCount += 1
            } else if GeminiPart.isPlainText(part) {
                parts.append(.text(GeminiPart.text(part)))
            } else {
                parts.append(.kept(0))
            }
        }
        return AnswerContent(
            parts: parts, finish: Self.finishes.finish(of: chunk.finishReason),
            model: answer["modelVersion"]?.stringValue
        ).renumbered
    }

    /// The words for why an answer ended, of which calls have none of their own.
    static let finishes = FinishWords([
        ("STOP", .stop), ("MAX_TOKENS", .length), ("SAFETY", .contentFilter),
        ("RECITATION", .recitation), ("MALFORMED_FUNCTION_CALL", .malformedCall),
    ])
}

extension GeminiPart {
    /// Whether it is visible text and nothing else, a signature aside; an empty one has none.
    static func isPlainText(_ part: JSONValue) -> Bool {
        guard !isThought(part), let text = part["text"]?.stringValue, call(part) == nil else {
            return false
        }
        return !text.isEmpty || part["thoughtSignature"] == nil
    }
}

extension GeminiCalls {
    /// The call that one part makes.
    static func call(_ part: JSONValue) -> AnswerCall? {
        var calls = GeminiCalls()
        _ = calls.add(part)
        return calls.calls.first.map { AnswerCall($0, opening: part) }
    }
}

extension AnswerCall {
    /// A call with its identifier as its first part writes it, which may be empty or absent.
    init(_ call: ToolCall, opening part: JSONValue?) {
        let written = part.flatMap { GeminiPart.call($0)?["id"]?.stringValue }
        self.init(
            id: call.id.isEmpty ? written : call.id, name: call.name, arguments: call.arguments)
    }
}
