import Cassette
import Determinism

extension OpenAIResponses {
    /// The status of an error; it has none for credit and contracts.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .payment, .agreementPending: nil
        default: error.status
        }
    }

    /// The answer of the provider for an error: mostly the same as for chat completions.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        guard let own = Self.ownError(error, facts) else {
            return OpenAIChat().errorAnswer(error, status: status, facts: facts)
        }
        return OpenAIChat.errorAnswer(error, status: status, facts: facts, body: own.body)
    }

    /// The event that reports an error inside a stream: `event: error`.
    ///
    /// The provider nests the error, though its reference shows the members beside the type; only
    /// so the SDK for Python raises it. A `response.failed` would have to repeat the response,
    /// which is not known here. The number is that of a failure right after the start.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        let words = Self.streamError(error)
        let data: JSONValue = [
            "type": "error", "sequence_number": 2,
            "error": [
                "type": .string(words.type), "code": words.code.map { .string($0) } ?? .null,
                "message": .string(words.message),
                "param": words.parameter.map { .string($0) } ?? .null,
            ],
        ]
        return StreamEvent(event: "error", data: data.encodedText())
    }

    private static func streamError(_ error: ProviderError) -> OpenAIError {
        switch error {
        case .server, .badGateway:
            // No gateway speaks inside a stream: there a broken one is an error of the server.
            OpenAIError(
                """
                An error occurred while processing your request. You can retry your request, or \
                contact us through our help center at help.openai.com if the error persists. \
                Please include the request ID 00000000-0000-0000-0000-000000000000 in your message.
                """, type: "server_error", code: "server_error")
        default: ownError(error, ErrorFacts()) ?? OpenAIError(error, ErrorFacts(), subject: "")
        }
    }

    /// The errors that only this interface has, or words otherwise; nil for all others.
    private static func ownError(
        _ error: ProviderError, _ facts: ErrorFacts
    ) -> OpenAIError? {
        switch error {
        case .contextLength:
            OpenAIError(
                "Your input exceeds the context window of this model. Please adjust your input "
                    + "and try again.",
                code: "context_length_exceeded", parameter: "input")
        // The words are from memory.
        case .unsupportedParameter where facts.parameter == "max_tokens":
            OpenAIError(
                "Unsupported parameter: 'max_tokens'. In the Responses API, this parameter has "
                    + "moved to 'max_output_tokens'. Try again with the new parameter.",
                code: "unsupported_parameter", parameter: "max_tokens")
        case .historyInvalid:
            OpenAIError(
                "No tool output found for function call call_000000000000000000000000.",
                parameter: "input")
        case .signatureInvalid:
            OpenAIError(
                "The encrypted content gAAA...AA== could not be verified. Reason: Encrypted "
                    + "content could not be decrypted or parsed.",
                code: "invalid_encrypted_content")
        case .previousResponseNotFound:
            OpenAIError(
                "Previous response with id '\(facts.previousResponse)' not found.",
                code: "previous_response_not_found", parameter: "previous_response_id")
        case .invalidRequest:
            OpenAIError(
                "Invalid type for 'input': expected one of an array of objects or string, but got "
                    + "an object instead.",
                code: "invalid_type", parameter: "input")
        default: nil
        }
    }
}
