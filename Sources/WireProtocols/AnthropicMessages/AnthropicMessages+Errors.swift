import Cassette
import Determinism

extension AnthropicMessages {
    /// The status of an error; it has none for contracts and stored responses.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .agreementPending, .previousResponseNotFound: nil
        case .timeout: 504
        default: error.status
        }
    }

    /// The answer of the provider for an error.
    ///
    /// Fields as in the captured answers; identifiers and the time of reset are fixed, so that runs
    /// repeat. The provider sends `retry-after` in whole seconds only; `retry-after-ms` is sent
    /// with it because the SDK reads it first, and a test need not wait for a second.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: facts.retryAfterMilliseconds)
        switch error {
        case .rateLimit:
            headers.append("anthropic-ratelimit-requests-remaining", "0")
            headers.append("anthropic-ratelimit-input-tokens-reset", "2026-01-01T00:00:00Z")
        case .overloaded:
            headers.append("x-should-retry", "true")
        default: break
        }
        headers.append("request-id", Self.requestID)
        var body = Self.errorBody(error, facts)
        body["request_id"] = .string(Self.requestID)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: `event: error`.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        return StreamEvent(
            event: "error", data: Self.errorBody(error, ErrorFacts()).encodedText())
    }

    /// The provider's own event.
    public func keepAlive(framing: StreamFraming) -> [UInt8]? {
        framing == .sse ? Array("event: ping\ndata: {\"type\": \"ping\"}\n\n".utf8) : nil
    }

    private static let requestID = "req_000000000000000000000000"

    private static func errorBody(_ error: ProviderError, _ facts: ErrorFacts) -> JSONValue {
        switch error {
        case .rateLimit: rateLimitBody
        case .quota: spendLimitBody("enforced_spend_limit_reached")
        case .billingLimit: spendLimitBody("contract_spend_limit_reached")
        case .overloaded: errorBody("overloaded_error", "Overloaded")
        case .server: errorBody("api_error", "Internal server error")
        case .badGateway: errorBody("api_error", "Bad gateway")
        case .unavailable: errorBody("api_error", "Service unavailable")
        case .timeout: errorBody("timeout_error", "Request timed out")
        case .payment:
            errorBody(
                "billing_error",
                "Your credit balance is too low to access the Anthropic API. Please go to Plans & "
                    + "Billing to upgrade or purchase credits.")
        case .authentication: errorBody("authentication_error", "invalid x-api-key")
        case .permission, .agreementPending:
            errorBody(
                "permission_error",
                "Your API key does not have permission to use the specified resource.")
        case .regionBlocked: errorBody("forbidden", "Request not allowed")
        case .modelNotFound: errorBody("not_found_error", "model: \(facts.model)")
        case .tooLarge: errorBody("request_too_large", "Request exceeds the maximum size")
        case .conflict:
            errorBody("conflict_error", "The resource is locked by another request.")
        case .invalidRequest, .contextLength, .contentPolicy, .unsupportedParameter,
            .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            errorBody("invalid_request_error", refusal(error, facts))
        }
    }

    /// Why a request is not valid, in the words that clients look for; Bedrock passes them on.
    static func refusal(_ error: ProviderError, _ facts: ErrorFacts) -> String {
        switch error {
        case .contextLength:
            "prompt is too long: \(facts.tokens) tokens > \(facts.tokensMax) maximum"
        case .contentPolicy: "Output blocked by content filtering policy"
        case .unsupportedParameter: "\(facts.parameter): Extra inputs are not permitted"
        case .historyInvalid:
            "messages.2: `tool_use` ids were found without `tool_result` blocks immediately "
                + "after: toolu_000000000000000000000000. Each `tool_use` block must have a "
                + "corresponding `tool_result` block in the next message."
        case .signatureInvalid:
            "messages.1.content.0: Invalid `signature` in `thinking` block"
        default: "messages: at least one message is required"
        }
    }

    private static let rateLimitBody: JSONValue = [
        "type": "error",
        "error": [
            "type": "rate_limit_error",
            "message": """
            This request would exceed your organization's rate limit of 50,000 input tokens per \
            minute. Please reduce the prompt length or the maximum tokens requested, or try again \
            later.
            """,
        ],
    ]

    private static func spendLimitBody(_ code: String) -> JSONValue {
        [
            "type": "error",
            "error": [
                "type": "rate_limit_error",
                "message": "This organization has reached its monthly spend limit.",
                "details": ["error_code": .string(code)],
            ],
        ]
    }

    private static func errorBody(_ type: String, _ message: String) -> JSONValue {
        [
            "type": "error",
            "error": ["details": .null, "type": .string(type), "message": .string(message)],
        ]
    }
}
