public import Determinism

extension BedrockInvoke {
    /// What a whole stream says, as `AnthropicMessages` reads it; nil for other vendors' models.
    public func content(of events: [StreamEvent]) -> AnswerContent? {
        events.contains { $0.isException } ? nil : inner.content(of: events)
    }

    /// What a JSON answer says, as `AnthropicMessages` reads it; nil for other vendors' models.
    public func content(of answer: JSONValue) -> AnswerContent? {
        Self.isMessage(answer) ? inner.content(of: answer) : nil
    }
}
