import Cassette
import Determinism

extension OpenAIResponses {
    /// The answer of the provider for an error: the same as for chat completions.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        OpenAIChat().errorAnswer(
            error, status: status, model: model, retryAfterMilliseconds: retryAfterMilliseconds)
    }

    /// The event that reports an error inside a stream: `event: error`.
    ///
    /// The provider nests the error, though its reference shows the members beside the type; only
    /// so the SDK for Python raises it. A `response.failed` would have to repeat the response,
    /// which is not known here. The number is that of a failure right after the start.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        let data: JSONValue = [
            "type": "error", "sequence_number": 2, "error": Self.streamError(error),
        ]
        return StreamEvent(event: "error", data: data.encodedText())
    }

    private static func streamError(_ error: ProviderError) -> JSONValue {
        switch error {
        case .server, .badGateway:
            // No gateway speaks inside a stream: there a broken one is an error of the server.
            return [
                "type": "server_error", "code": "server_error",
                "message": """
                An error occurred while processing your request. You can retry your request, or \
                contact us through our help center at help.openai.com if the error persists. \
                Please include the request ID 00000000-0000-0000-0000-000000000000 in your message.
                """,
                "param": .null,
            ]
        case .rateLimit, .unavailable, .overloaded:
            let words = OpenAIChat().errorEvent(error, framing: .sse)?.json?["error"]
            return [
                "type": words?["type"] ?? .null, "code": words?["code"] ?? .null,
                "message": words?["message"] ?? .null, "param": .null,
            ]
        }
    }
}
