import Cassette
import Determinism

extension OpenAIChat {
    /// The status of an error; it has none for credit, contracts or signed parts.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .payment, .agreementPending, .signatureInvalid, .previousResponseNotFound: nil
        default: error.status
        }
    }

    /// The answer of the provider for an error.
    ///
    /// Fields as in the captured answers; the identifiers are fixed, so that runs repeat. The
    /// headers `retry-after-ms` and `retry-after` are there when a delay is given.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        let subject = " for \(facts.model) in organization org-000000000000000000000000"
        let body = Self.errorBody(error, status: status, facts, subject: subject)
        return Self.errorAnswer(error, status: status, facts: facts, body: body)
    }

    /// The same answer with a body of its own.
    static func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts, body: JSONValue
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: facts.retryAfterMilliseconds)
        if error == .rateLimit {
            headers.append("x-ratelimit-limit-requests", "60")
            headers.append("x-ratelimit-remaining-requests", "0")
            headers.append("x-ratelimit-reset-requests", facts.resetSeconds)
        }
        headers.append("x-request-id", "req_00000000000000000000000000000000")
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: `data: {"error":{…}}`.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .sse else { return nil }
        let body = Self.errorBody(error, status: error.status, ErrorFacts(), subject: "")
        return StreamEvent(data: body.encodedText())
    }

    private static func errorBody(
        _ error: ProviderError, status: Int, _ facts: ErrorFacts, subject: String
    ) -> JSONValue {
        guard error == .badGateway else {
            return OpenAIError(error, facts, subject: subject).body
        }
        // The gateway in front of the provider writes its own members, the code as a number.
        return [
            "error": [
                "code": .int(Int64(status)), "message": "Bad gateway.", "param": .null,
                "type": "cf_bad_gateway",
            ]
        ]
    }
}
