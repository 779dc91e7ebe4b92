public import Determinism

extension Gemini {
    /// The stream that says this; nil for a refusal as a part, for texts that nothing keeps apart
    /// and for arguments that are no compact JSON object.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        guard let stream = GeminiStream(events) else { return nil }
        let old = stream.content
        if content.isExactly(old) { return events }
        guard events.allSatisfy({ $0.isMovable }), (content.model == nil) == (old.model == nil),
            let word = Self.finishes.word(for: content.finish).word,
            var writer = GeminiWriter(events, stream, content, reason: word)
        else { return nil }
        let result = StreamEvent.mended(writer.written())
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }

    /// The JSON answer that says this, under the same rules; here texts stand apart by themselves.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        let (isSaid, word) = Self.finishes.word(for: content.finish)
        guard isSaid, let old = self.content(of: answer),
            (content.model == nil) == (old.model == nil),
            let chunk = GeminiReader.editableAnswer(answer), var candidate = chunk.candidate,
            let sources = PartSources(content.parts, from: old.parts)
        else { return nil }
        if content.isExactly(old) { return answer }
        guard let parts = sources.blocks(of: chunk.parts, edited: GeminiPart.edited) else {
            return nil
        }
        if parts != chunk.parts { GeminiEdits.setParts(&candidate, parts) }
        if !old.isTextKept(by: content) { GeminiEdits.dropDescriptions(&candidate) }
        if content.finish != old.finish { GeminiEdits.setFinish(&candidate, word) }
        var result = chunk.replacingCandidate(candidate)
        if let model = content.model { result["modelVersion"] = .string(model) }
        return self.content(of: result)?.isExactly(content.renumbered) == true ? result : nil
    }
}

extension AnswerContent {
    /// Whether the text of another content begins with all of this one.
    func isTextKept(by other: AnswerContent) -> Bool {
        other.text.unicodeScalars.starts(with: text.unicodeScalars)
    }
}

extension GeminiEdits {
    /// Sets the parts; content that was not there is made.
    static func setParts(_ candidate: inout JSONValue, _ parts: [JSONValue]) {
        if candidate["content"]?.objectValue == nil, !parts.isEmpty {
            candidate["content"] = ["parts": [], "role": "model"]
        }
        replaceParts(&candidate, parts)
    }

    /// Sets why the answer ended, or takes the reason out.
    static func setFinish(_ candidate: inout JSONValue, _ reason: String?) {
        if let reason {
            finish(&candidate, reason)
        } else {
            candidate["finishReason"] = .none
            candidate["finishMessage"] = .none
        }
    }
}

extension GeminiPart {
    /// The part that says a text or a call: the recorded one with other members, or a fresh one.
    ///
    /// The signature of a call is that of the thoughts before it and stays; that of a text goes
    /// with the text.
    static func edited(_ part: AnswerPart, _ recorded: JSONValue?) -> JSONValue? {
        switch part {
        case .text(let text):
            var json = recorded ?? [:]
            json["thoughtSignature"] = .none
            json["text"] = .string(text)
            return json
        case .call(let call):
            guard let arguments = call.arguments.flatMap({ try? JSONValue.parse(text: $0) }),
                arguments.objectValue != nil
            else { return nil }
            var json = named(call, recorded ?? ["functionCall": [:]])
            json["functionCall"]?["args"] = .some(arguments)
            json["functionCall"]?["partialArgs"] = .none
            json["functionCall"]?["willContinue"] = .none
            return json
        case .refusal, .kept: return nil
        }
    }

    /// The part of a call with another identifier and name.
    static func named(_ call: AnswerCall, _ recorded: JSONValue) -> JSONValue {
        var json = recorded
        json["functionCall"]?["name"] = .string(call.name)
        json["functionCall"]?["id"] = call.id.map { .string($0) }
        return json
    }
}
