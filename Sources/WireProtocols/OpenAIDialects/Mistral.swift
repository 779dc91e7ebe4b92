import Cassette
import Determinism

/// Mistral, chat completions.
///
/// Source: https://docs.mistral.ai/api. Answers are those of chat completions; tool calls come whole
/// in one event.
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

    /// The answer of the provider for an error: an object of its own, the code as a text.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        if error == .rateLimit { headers.append("x-ratelimit-remaining-req-minute", "0") }
        headers.append("mistral-correlation-id", "00000000-0000-0000-0000-000000000000")
        var body = Self.errorBody(error)
        body["raw_status_code"] = .int(Int64(status))
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: the same object as data.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        return StreamEvent(data: Self.errorBody(error).encodedText())
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

    private static func errorBody(_ error: ProviderError) -> JSONValue {
        switch error {
        case .rateLimit: errorBody("Rate limit exceeded", type: "rate_limited", code: "1300")
        case .server:
            errorBody("Internal server error", type: "internal_server_error", code: "3000")
        case .badGateway: errorBody("Bad gateway", type: "internal_server_error", code: "3000")
        case .unavailable:
            errorBody("Service unavailable.", type: "internal_server_error", code: "1000")
        case .overloaded:
            errorBody(
                "Service tier capacity exceeded for this model.",
                type: "service_tier_capacity_exceeded", code: "3505")
        }
    }

    private static func errorBody(_ message: String, type: String, code: String) -> JSONValue {
        [
            "object": "error", "message": .string(message), "type": .string(type), "param": .null,
            "code": .string(code),
        ]
    }
}
