/// What the operations of the runtime have in common: errors are the service's, whatever the model.
protocol BedrockProtocol: WireProtocol {}

extension BedrockProtocol {
    /// The provider's answer for an error; not the model's, whose errors the service translates.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        BedrockErrors.answer(
            error, status: status, retryAfterMilliseconds: retryAfterMilliseconds)
    }

    /// An exception; nil in any other framing.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        BedrockErrors.event(error, framing: framing)
    }
}
