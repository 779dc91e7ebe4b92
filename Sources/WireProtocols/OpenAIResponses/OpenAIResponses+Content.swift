public import Determinism

extension OpenAIResponses {
    /// What a whole stream says; each content of a message is a part, each other item as well.
    ///
    /// Nil when it has no end, holds an error, or an item says one thing in its pieces and another
    /// where it is whole.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        guard let body = ResponsesReader.editableBody(of: events) else { return nil }
        return ResponsesRecording(body.map { ResponsesEvent($0) })?.content
    }

    /// What a JSON answer says; nil when it has not ended by itself, for length or by a filter.
    public func content(of answer: JSONValue) -> AnswerContent? {
        ResponsesRecording(answer)?.content
    }
}
