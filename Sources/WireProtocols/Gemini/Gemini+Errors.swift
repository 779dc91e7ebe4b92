import Cassette
import Determinism

extension Gemini {
    /// The status of an error: what is wrong with a request is 400, also a bad key.
    ///
    /// A filter is no error here: it answers 200 with a reason in place of candidates.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .payment, .agreementPending, .contentPolicy, .previousResponseNotFound: nil
        case .authentication, .regionBlocked, .tooLarge: 400
        case .timeout: 504
        default: error.status
        }
    }

    /// The answer of the provider for an error.
    ///
    /// Fields as in the captured answers; the quota is fixed, so that runs repeat. The provider
    /// sends no `retry-after`: the delay, when one is given, is in the body as `RetryInfo`.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        let headers: HeaderFields = [
            HeaderField("content-type", "application/json; charset=UTF-8"),
            HeaderField("server", "scaffolding on HTTPServer2"),
            HeaderField("x-xss-protection", "0"),
            HeaderField("x-frame-options", "SAMEORIGIN"),
            HeaderField("x-content-type-options", "nosniff"),
        ]
        let body = Self.errorBody(error, code: status, facts: facts)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: `{"error":{…}}` as data or as an element.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        let code = status(of: error) ?? error.status
        let body = Self.errorBody(error, code: code, facts: ErrorFacts(model: ""))
        switch framing {
        case .sse: return StreamEvent(data: body.encodedText(), lineEnding: .crlf)
        case .jsonArray: return .element(JSONArrayElement(data: body.encoded()))
        case .jsonLines, .awsEventStream: return nil
        }
    }

    /// A duration as Google's JSON writes it: seconds with no or three decimals.
    private static func duration(milliseconds: Int64) -> String {
        let milliseconds = max(0, milliseconds)
        let rest = milliseconds % 1000
        guard rest > 0 else { return "\(milliseconds / 1000)s" }
        let zeros = String(repeating: "0", count: rest < 10 ? 2 : rest < 100 ? 1 : 0)
        return "\(milliseconds / 1000).\(zeros)\(rest)s"
    }

    private static func errorBody(
        _ error: ProviderError, code: Int, facts: ErrorFacts
    ) -> JSONValue {
        let delay = facts.retryAfterMilliseconds.map { duration(milliseconds: $0) }
        let failure = GeminiFailure(error, facts, delay: delay)
        var details = failure.details
        if let delay {
            details.append([
                "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": .string(delay),
            ])
        }
        var body: JSONValue = [
            "code": .int(Int64(code)), "message": .string(failure.message),
            "status": .string(failure.status),
        ]
        if !details.isEmpty { body["details"] = .array(details) }
        return ["error": body]
    }
}
