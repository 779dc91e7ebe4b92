import Determinism

extension OllamaAPI {
    /// What a whole stream says; thinking is one part, the text is another.
    ///
    /// Nil when it does not end with `done`, holds an error, or is about loading a model.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        OllamaRecording(events, route)?.content
    }

    /// What a JSON answer says: thinking, the text, the calls.
    public func content(of answer: JSONValue) -> AnswerContent? {
        OllamaRecording(answer, route)?.content
    }
}
