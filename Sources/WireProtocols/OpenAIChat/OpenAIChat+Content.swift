public import Determinism

extension OpenAIChat {
    /// What a whole stream says; the text, the refusal and each kind of other content are one part,
    /// in the order in which they begin.
    ///
    /// Nil when it lacks its terminator, holds an error or several choices, or is not understood.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        OpenAIChatRecording(events)?.content
    }

    /// What a JSON answer with one choice says, in the order of the members of its message.
    public func content(of answer: JSONValue) -> AnswerContent? {
        OpenAIChatDocument(answer)?.content
    }
}

/// A JSON answer of chat completions, taken apart.
struct OpenAIChatDocument {
    let message: JSONValue
    /// What each part says; that of text, of a refusal and of each other member is one.
    let facets: [OpenAIChatFacet]
    let content: AnswerContent

    /// Reads an answer; nil when it has not one choice or is not understood.
    init?(_ answer: JSONValue) {
        guard let choices = answer["choices"]?.arrayValue, choices.count == 1,
            answer["error"]?.nonNull == nil,
            let message = choices[0]["message"], message.objectValue != nil,
            let facets = OpenAIChatFacet.all(of: message)
        else { return nil }
        self.message = message
        self.facets = facets
        var keptCount = 0
        let parts = facets.map { facet -> AnswerPart in
            switch facet {
            case .text(let text): return .text(text)
            case .refusal(let text): return .refusal(text)
            case .call(let call): return .call(OpenAIChatCallForm.call(call))
            case .kept:
                keptCount += 1
                return .kept(keptCount - 1)
            }
        }
        content = AnswerContent(
            parts: parts,
            finish: OpenAIChatFinish.meaning(of: choices[0]["finish_reason"]?.stringValue),
            model: answer["model"]?.stringValue)
    }
}
