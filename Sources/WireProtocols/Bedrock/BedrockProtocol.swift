/// What the operations of the runtime have in common: errors are the service's, whatever the model.
protocol BedrockProtocol: WireProtocol {}

extension BedrockProtocol {
    /// The status with which the service reports an error.
    public func status(of error: ProviderError) -> Int? {
        BedrockErrors.status(of: error)
    }

    /// The provider's answer for an error; not the model's, whose errors the service translates.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        BedrockErrors.answer(error, status: status, facts: facts)
    }

    /// An exception; nil in any other framing.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        BedrockErrors.event(error, framing: framing)
    }
}
