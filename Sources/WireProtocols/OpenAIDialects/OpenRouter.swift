import Cassette
import Determinism

/// OpenRouter, chat completions of many providers.
///
/// Source: https://openrouter.ai/docs/api/reference/errors-and-debugging. While a provider is slow
/// it sends comments; an error that comes after the answer began has status 200.
public struct OpenRouter: OpenAIDialect {
    /// The stable identifier.
    public static let id = "openrouter"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    func serves(_ request: RecordedRequest, host: String) -> Bool {
        isHost(host, below: "openrouter.ai")
    }

    /// The answer of the provider for an error: the code is the status as a number.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        let body: JSONValue = ["error": Self.errorBody(error, status: status, model: model)]
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: a choice that finishes with `error`, and
    /// the error beside it.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        let chunk: JSONValue = [
            "id": "gen-0000000000-00000000000000000000", "object": "chat.completion.chunk",
            "created": 0, "model": "unknown", "provider": "unknown",
            "error": Self.errorBody(error, status: error.status, model: "unknown"),
            "choices": [
                [
                    "index": 0, "delta": ["role": "assistant", "content": ""],
                    "finish_reason": "error", "native_finish_reason": .null,
                ]
            ],
        ]
        return StreamEvent(data: chunk.encodedText())
    }

    /// The provider's own comment.
    public func keepAlive(framing: StreamFraming) -> [UInt8]? {
        framing == .sse ? Array(": OPENROUTER PROCESSING\n\n".utf8) : nil
    }

    private static func errorBody(
        _ error: ProviderError, status: Int, model: String
    ) -> JSONValue {
        switch error {
        case .rateLimit:
            [
                "message": "Provider returned error", "code": .int(Int64(status)),
                "metadata": [
                    "raw": .string(
                        "\(model) is temporarily rate-limited upstream. Please retry shortly, or "
                            + "add your own key to accumulate your rate limits."),
                    "provider_name": "unknown",
                ],
            ]
        case .server:
            ["message": "Internal Server Error", "code": .int(Int64(status))]
        case .badGateway:
            [
                "message": "Provider returned error", "code": .int(Int64(status)),
                "metadata": ["raw": "error code: 502", "provider_name": "unknown"],
            ]
        case .unavailable, .overloaded:
            [
                "message": .string("No allowed providers are available for the selected model."),
                "code": .int(Int64(status)),
            ]
        }
    }
}
