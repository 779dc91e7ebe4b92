public import Cassette
import Determinism

extension BedrockInvoke {
    /// What a request says, as `AnthropicMessages` reads it; nil for other vendors' models.
    public func conversation(of request: RecordedRequest) -> Conversation? {
        // The service demands the version, and no other vendor's body has it.
        guard let body = request.json, body["anthropic_version"]?.nonNull != nil else {
            return nil
        }
        return AnthropicMessages.conversation(of: body)
    }

    /// The tokens that the message counts, as `AnthropicMessages` reads them.
    public func usage(of body: [UInt8], framing: StreamFraming?) -> AnswerUsage? {
        inner.usage(of: body, framing: framing)
    }
}
