import Cassette
import Determinism

/// Mistral, chat completions.
///
/// Source: https://docs.mistral.ai/api. Answers are those of chat completions; tool calls come
/// whole in one event.
public struct Mistral: OpenAIDialect {
    /// The stable identifier.
    public static let id = "mistral"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    func serves(_ request: RecordedRequest, host: String) -> Bool {
        isHost(host, below: "mistral.ai")
    }

    var streamsArguments: Bool { false }

    /// The status of an error: an unknown model is a bad request, an unknown parameter
    /// unprocessable.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .quota, .billingLimit, .payment, .permission, .regionBlocked, .agreementPending,
            .tooLarge, .conflict, .timeout, .contentPolicy, .signatureInvalid,
            .previousResponseNotFound:
            nil
        case .modelNotFound: 400
        case .unsupportedParameter: 422
        default: error.status
        }
    }

    /// The answer of the provider for an error: an object of its own, the code as a text.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: facts.retryAfterMilliseconds)
        if error == .rateLimit { headers.append("x-ratelimit-remaining-req-minute", "0") }
        headers.append("mistral-correlation-id", "00000000-0000-0000-0000-000000000000")
        var body = Self.errorBody(error, facts)
        body["raw_status_code"] = .int(Int64(status))
        // What never reaches the service is refused in words of the framework.
        switch error {
        case .authentication: body = ["detail": "Unauthorized"]
        case .unsupportedParameter: body = Self.extraField(facts.parameter)
        default: break
        }
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: the same object as data.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        return StreamEvent(data: Self.errorBody(error, ErrorFacts()).encodedText())
    }

    /// What one event means; an error has no member `error`.
    public func role(of event: StreamEvent) -> StreamEventRole {
        Self.isError(event) ? .error : OpenAIChat().role(of: event)
    }

    /// What a stream says up to an error.
    public func summary(of events: [StreamEvent]) -> AnswerSummary {
        let end = events.firstIndex(where: Self.isError) ?? events.count
        return OpenAIChat().summary(of: Array(events[..<end]))
    }

    private static func isError(_ event: StreamEvent) -> Bool {
        guard let json = event.json, json["choices"] == nil else { return false }
        return json["object"]?.stringValue == "error"
    }

    private static func errorBody(_ error: ProviderError, _ facts: ErrorFacts) -> JSONValue {
        switch error {
        case .rateLimit, .quota, .billingLimit, .payment:
            errorBody("Rate limit exceeded", type: "rate_limited", code: "1300")
        case .server, .conflict, .timeout:
            errorBody("Internal server error", type: "internal_server_error", code: "3000")
        case .badGateway: errorBody("Bad gateway", type: "internal_server_error", code: "3000")
        case .unavailable:
            errorBody("Service unavailable.", type: "internal_server_error", code: "1000")
        case .overloaded:
            errorBody(
                "Service tier capacity exceeded for this model.",
                type: "service_tier_capacity_exceeded", code: "3505")
        case .modelNotFound:
            errorBody("Invalid model: \(facts.model)", type: "invalid_model", code: "1500")
        case .contextLength:
            errorBody(
                "Prompt contains \(facts.tokens) tokens and 0 draft tokens, too large for model "
                    + "with \(facts.tokensMax) maximum context length",
                type: "invalid_request_error", code: "3051")
        case .historyInvalid:
            errorBody(
                "Not the same number of function calls and responses",
                type: "invalid_request_message_order", code: "3230")
        case .authentication, .permission, .regionBlocked, .agreementPending, .tooLarge,
            .invalidRequest, .contentPolicy, .unsupportedParameter, .signatureInvalid,
            .previousResponseNotFound:
            errorBody("Invalid request", type: "invalid_request_error", code: "3000")
        }
    }

    private static func extraField(_ name: String) -> JSONValue {
        [
            "detail": [
                [
                    "type": "extra_forbidden", "loc": ["body", .string(name)],
                    "msg": "Extra inputs are not permitted",
                ]
            ]
        ]
    }

    private static func errorBody(_ message: String, type: String, code: String) -> JSONValue {
        [
            "object": "error", "message": .string(message), "type": .string(type), "param": .null,
            "code": .string(code),
        ]
    }
}
