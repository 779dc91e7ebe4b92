import Cassette
import Determinism

extension CohereChat {
    /// The status of an error, 498 for what its filter refused.
    ///
    /// Source: https://docs.cohere.com/reference/errors, which names no others.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .contentPolicy: 498
        case .billingLimit, .permission, .regionBlocked, .agreementPending, .tooLarge, .conflict,
            .timeout, .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            nil
        default: error.status
        }
    }

    /// The answer of the provider for an error: `{"id":…,"message":…}`.
    ///
    /// The identifier and the time of reset are fixed, so that runs repeat. The SDK reads
    /// `retry-after-ms` and `retry-after`, which are there when a delay is given, before
    /// `x-ratelimit-reset`, and takes no notice of a time that has passed.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: facts.retryAfterMilliseconds)
        // 2026-01-01T00:00:00Z in seconds since 1970.
        if error == .rateLimit { headers.append("x-ratelimit-reset", "1767225600") }
        let body: JSONValue = [
            "id": "00000000-0000-0000-0000-000000000000",
            "message": .string(Self.message(error, facts)),
        ]
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: an end with the reason `ERROR`.
    ///
    /// The protocol has no event for errors alone.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        let data: JSONValue = [
            "type": "message-end",
            "delta": [
                "error": .string(Self.message(error, ErrorFacts())), "finish_reason": "ERROR",
            ],
        ]
        return StreamEvent(event: "message-end", data: data.encodedText())
    }

    private static func message(_ error: ProviderError, _ facts: ErrorFacts) -> String {
        switch error {
        case .rateLimit:
            "You are past the per minute request limit, please wait and try again later."
        case .server, .conflict, .timeout:
            "internal server error, this has been reported to our developers"
        case .badGateway: "bad gateway"
        case .unavailable: "service unavailable"
        case .overloaded: "Please wait and try again later"
        case .quota:
            "You are using a Trial key, which is limited to 1000 API calls / month. You can "
                + "continue to use the Trial key for free or upgrade to a Production key with "
                + "higher rate limits at 'https://dashboard.cohere.com/api-keys'."
        case .payment, .billingLimit:
            "Please add or update your payment method at "
                + "https://dashboard.cohere.com/billing?tab=payment to continue"
        case .authentication, .permission, .regionBlocked, .agreementPending:
            "invalid api token"
        case .modelNotFound:
            "model '\(facts.model)' not found, make sure the correct model ID was used and that "
                + "you have access to the model."
        case .contextLength:
            "too many tokens: size limit exceeded by \(max(0, excess(facts))) tokens. Try using "
                + "shorter or fewer inputs. The limit for this model is \(facts.tokensMax) tokens."
        case .contentPolicy:
            "blocked input: please adjust your prompt and try again, it may be in violation of "
                + "our usage policy."
        case .unsupportedParameter:
            "unknown field: parameter '\(facts.parameter)' is not a valid field"
        case .invalidRequest, .tooLarge, .historyInvalid, .signatureInvalid,
            .previousResponseNotFound:
            "invalid request: messages must be at least 1 item long."
        }
    }

    private static func excess(_ facts: ErrorFacts) -> Int64 {
        let (excess, overflow) = facts.tokens.subtractingReportingOverflow(facts.tokensMax)
        return overflow ? 0 : excess
    }
}
