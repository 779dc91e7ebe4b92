import Cassette
import Determinism

extension AnthropicMessages {
    /// The answer of the provider for an error.
    ///
    /// Fields as in the captured answers; identifiers and the time of reset are fixed, so that runs
    /// repeat. The provider sends `retry-after` in whole seconds only; `retry-after-ms` is sent
    /// with it because the SDK reads it first, and a test need not wait for a second.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        switch error {
        case .rateLimit:
            headers.append("anthropic-ratelimit-requests-remaining", "0")
            headers.append("anthropic-ratelimit-input-tokens-reset", "2026-01-01T00:00:00Z")
        case .overloaded:
            headers.append("x-should-retry", "true")
        case .server, .badGateway, .unavailable: break
        }
        headers.append("request-id", Self.requestID)
        var body = Self.errorBody(error)
        body["request_id"] = .string(Self.requestID)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: `event: error`.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        return StreamEvent(event: "error", data: Self.errorBody(error).encodedText())
    }

    /// The provider's own event.
    public func keepAlive(framing: StreamFraming) -> [UInt8]? {
        framing == .sse ? Array("event: ping\ndata: {\"type\": \"ping\"}\n\n".utf8) : nil
    }

    private static let requestID = "req_000000000000000000000000"

    private static func errorBody(_ error: ProviderError) -> JSONValue {
        switch error {
        case .rateLimit:
            [
                "type": "error",
                "error": [
                    "type": "rate_limit_error",
                    "message": """
                    This request would exceed your organization's rate limit of 50,000 input \
                    tokens per minute. Please reduce the prompt length or the maximum tokens \
                    requested, or try again later.
                    """,
                ],
            ]
        case .overloaded: errorBody("overloaded_error", "Overloaded")
        case .server: errorBody("api_error", "Internal server error")
        case .badGateway: errorBody("api_error", "Bad gateway")
        case .unavailable: errorBody("api_error", "Service unavailable")
        }
    }

    private static func errorBody(_ type: String, _ message: String) -> JSONValue {
        [
            "type": "error",
            "error": ["details": .null, "type": .string(type), "message": .string(message)],
        ]
    }
}
