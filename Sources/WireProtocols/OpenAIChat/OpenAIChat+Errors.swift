import Cassette
import Determinism

extension OpenAIChat {
    /// The answer of the provider for an error.
    ///
    /// Fields as in the captured answers; the identifiers are fixed, so that runs repeat. The
    /// headers `retry-after-ms` and `retry-after` are there when a delay is given.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        let reset = "\(HeaderFields.wholeSeconds(retryAfterMilliseconds ?? 1000))s"
        if error == .rateLimit {
            headers.append("x-ratelimit-limit-requests", "60")
            headers.append("x-ratelimit-remaining-requests", "0")
            headers.append("x-ratelimit-reset-requests", reset)
        }
        headers.append("x-request-id", "req_00000000000000000000000000000000")
        let subject = " for \(model) in organization org-000000000000000000000000"
        let body = Self.errorBody(error, subject: subject, reset: reset)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: `data: {"error":{…}}`.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        return StreamEvent(data: Self.errorBody(error, subject: "", reset: "1s").encodedText())
    }

    private static func errorBody(
        _ error: ProviderError, subject: String, reset: String
    ) -> JSONValue {
        switch error {
        case .rateLimit:
            errorBody(
                "Rate limit reached\(subject) on requests per min (RPM): Limit 60, Used 60, "
                    + "Requested 1. Please try again in \(reset).",
                type: "requests", code: "rate_limit_exceeded")
        case .server:
            errorBody(
                "The server had an error processing your request. Sorry about that! You can retry "
                    + "your request, or contact us through our help center at help.openai.com if "
                    + "you keep seeing this error.",
                type: "server_error", code: nil)
        case .badGateway:
            // The gateway in front of the provider writes its own members, the code as a number.
            [
                "error": [
                    "code": 502, "message": "Bad gateway.", "param": .null,
                    "type": "cf_bad_gateway",
                ]
            ]
        case .unavailable, .overloaded:
            errorBody(
                "Our servers are currently overloaded. Please try again later.",
                type: "service_unavailable_error", code: "server_is_overloaded")
        }
    }

    private static func errorBody(_ message: String, type: String, code: String?) -> JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": .null,
                "code": code.map { .string($0) } ?? .null,
            ]
        ]
    }
}
