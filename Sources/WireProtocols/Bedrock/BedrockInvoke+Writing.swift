public import Determinism

extension BedrockInvoke {
    /// The stream that says this, as `AnthropicMessages` writes it, each event wrapped as before.
    public func rewritten(
        _ events: [StreamEvent], saying content: AnswerContent
    ) -> [StreamEvent]? {
        guard !events.contains(where: { $0.isException }) else { return nil }
        return inner.rewritten(events, saying: content)
    }

    /// The JSON answer that says this, as `AnthropicMessages` writes it.
    public func rewritten(_ answer: JSONValue, saying content: AnswerContent) -> JSONValue? {
        Self.isMessage(answer) ? inner.rewritten(answer, saying: content) : nil
    }
}
