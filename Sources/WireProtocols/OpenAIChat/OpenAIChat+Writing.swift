public import Determinism

extension OpenAIChat {
    /// The stream that says this; nil where chat completions have no form for it.
    ///
    /// There is one text and one refusal at most, and no word for `pause`, `refusal` and the like.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        rewritten(events, saying: content, streamsArguments: true)
    }

    /// The stream that says this, from a provider that sends the arguments of a call in pieces or
    /// at once; the recorded calls, if any, tell it better.
    func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent, streamsArguments: Bool
    ) -> [StreamEvent]? {
        guard let recording = OpenAIChatRecording(events) else { return nil }
        let old = recording.content
        var result = events
        if !old.saysParts(of: content.parts) {
            let writer = OpenAIChatWriter(events, recording, streamsArguments: streamsArguments)
            guard let body = writer?.body(saying: content.parts) else { return nil }
            result = body + events[recording.chunks.count...]
        }
        if old.finish != content.finish {
            guard let finished = Self.finished(result, content.finish) else { return nil }
            result = finished
        }
        if let model = content.model, old.model != nil, !ExactText.areSame(model, old.model) {
            result = Self.renamed(result, model)
        }
        // What cannot be read back has no form here.
        return self.content(of: result)?.says(content) == true ? result : nil
    }

    /// The stream with another reason for its end, in each event that says one.
    private static func finished(
        _ events: [StreamEvent], _ finish: AnswerFinish
    ) -> [StreamEvent]? {
        guard let value = OpenAIChatFinish.value(of: finish) else { return nil }
        var lastChoice: Int?
        var isSaid = false
        var result = events
        for (place, event) in events.enumerated() {
            guard let chunk = OpenAIChatChunk(event) else { continue }
            if chunk.isDone { break }
            guard chunk.choice != nil else { continue }
            lastChoice = place
            guard chunk.finishReason?.isEmpty == false else { continue }
            isSaid = true
            result[place] = chunk.editing(event) { OpenAIChatFinish.write(value, into: &$0) }
        }
        guard !isSaid else { return result }
        guard let lastChoice, let chunk = OpenAIChatChunk(events[lastChoice]),
            events[lastChoice].isMovable
        else { return nil }
        let end = chunk.editing(events[lastChoice]) { choice in
            choice["delta"] = [:]
            OpenAIChatFinish.write(value, into: &choice)
        }
        result.insert(end, at: lastChoice + 1)
        return result
    }

    /// The stream that names another model, wherever it names one.
    private static func renamed(_ events: [StreamEvent], _ model: String) -> [StreamEvent] {
        var isOver = false
        return events.map { event in
            guard !isOver, let chunk = OpenAIChatChunk(event) else { return event }
            isOver = chunk.isDone
            guard let old = chunk.json["model"]?.stringValue, !old.isEmpty else { return event }
            var json = chunk.json
            json["model"] = .string(model)
            return json == chunk.json ? event : event.replacingJSON(json)
        }
    }

    /// The JSON answer that says this; nil where chat completions have no form for it.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        guard let document = OpenAIChatDocument(answer) else { return nil }
        let old = document.content
        var result = answer
        if !old.saysParts(of: content.parts) {
            guard let message = document.message(saying: content.parts) else { return nil }
            result["choices"]?[0]?["message"] = message
            if old.text != content.text, answer["choices"]?[0]?["logprobs"]?.nonNull != nil {
                result["choices"]?[0]?["logprobs"] = .some(.null)
            }
        }
        if old.finish != content.finish {
            guard let value = OpenAIChatFinish.value(of: content.finish),
                var choice = result["choices"]?[0]
            else { return nil }
            OpenAIChatFinish.write(value, into: &choice)
            result["choices"]?[0] = choice
        }
        if let model = content.model, old.model != nil { result["model"] = .string(model) }
        return self.content(of: result)?.says(content) == true ? result : nil
    }
}

extension OpenAIChatDocument {
    /// The message that says these parts; nil where it has no form for them.
    fileprivate func message(saying parts: [AnswerPart]) -> JSONValue? {
        guard let facets = facets(saying: parts) else { return nil }
        let saysMore = facets.contains { if case .text = $0 { false } else { true } }
        return OpenAIChatFacet.container(
            saying: facets, like: message, emptyContent: saysMore ? .null : "")
    }

    /// The facets of these parts; nil where a part that should be kept is not there.
    private func facets(saying parts: [AnswerPart]) -> [OpenAIChatFacet]? {
        let pairs = PartPairing.pairs(parts, with: content.parts)
        var facets: [OpenAIChatFacet] = []
        for (part, pair) in zip(parts, pairs) {
            switch part {
            case .text(let text): facets.append(.text(text))
            case .refusal(let text): facets.append(.refusal(text))
            case .kept:
                guard let pair else { return nil }
                facets.append(self.facets[pair])
            case .call(let call):
                var form = OpenAIChatCallForm.fresh
                if let pair, case .call(let json) = self.facets[pair] { form = json }
                facets.append(.call(OpenAIChatCallForm.call(call, like: form)))
            }
        }
        return facets
    }
}
