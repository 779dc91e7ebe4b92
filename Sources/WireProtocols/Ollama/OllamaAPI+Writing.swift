import Determinism

extension OllamaAPI {
    /// The stream that says this; nil where Ollama has no form for it.
    ///
    /// The arguments of calls are objects, `stop` and `length` the known words for the end. There
    /// is one text and no refusal.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        guard let recording = OllamaRecording(events, route) else { return nil }
        let old = recording.content
        var result = events
        if !old.saysParts(of: content.parts) {
            let writer = OllamaWriter(recording, Array(events[...recording.end]))
            guard let body = writer?.body(saying: content.parts) else { return nil }
            result = body + events[(recording.end + 1)...]
        }
        for (place, event) in result.enumerated() {
            guard let line = OllamaLine(event.json, route) else { continue }
            guard let json = ended(line.json, from: old, as: content) else { return nil }
            if json != line.json { result[place] = event.replacingJSON(json) }
            if line.isDone { break }
        }
        // What cannot be read back has no form here.
        return self.content(of: result)?.says(content) == true ? result : nil
    }

    /// The JSON answer that says this, under the same rules.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        guard let recording = OllamaRecording(answer, route) else { return nil }
        let old = recording.content
        var result = answer
        if !old.saysParts(of: content.parts) {
            guard let facets = recording.facets(saying: content.parts) else { return nil }
            result = OllamaForm(route).line(saying: facets, like: answer)
            result = OllamaLine.withoutCopies(result)
        }
        guard let ended = ended(result, from: old, as: content) else { return nil }
        return self.content(of: ended)?.says(content) == true ? ended : nil
    }

    /// A line with another model and, if it is the last one, another reason for its end; nil where
    /// there is no word for that.
    private func ended(
        _ line: JSONValue, from old: AnswerContent, as new: AnswerContent
    ) -> JSONValue? {
        var line = line
        if old.model != nil, let model = new.model, !ExactText.areSame(model, old.model),
            line["model"]?.stringValue != nil
        {
            line["model"] = .string(model)
        }
        guard old.finish != new.finish, line["done"]?.boolValue == true else { return line }
        switch new.finish {
        case .stop: line["done_reason"] = "stop"
        case .length: line["done_reason"] = "length"
        case .other(let word): line["done_reason"] = .string(word)
        case .unsaid: line["done_reason"] = nil
        default: return nil
        }
        return line
    }
}
