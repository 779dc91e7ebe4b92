import Cassette
import Determinism

extension Gemini {
    /// The answer of the provider for an error.
    ///
    /// Fields as in the captured answers; the quota is fixed, so that runs repeat. The provider
    /// sends no `retry-after`: the delay, when one is given, is in the body as `RetryInfo`.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        let headers: HeaderFields = [
            HeaderField("content-type", "application/json; charset=UTF-8"),
            HeaderField("server", "scaffolding on HTTPServer2"),
            HeaderField("x-xss-protection", "0"),
            HeaderField("x-frame-options", "SAMEORIGIN"),
            HeaderField("x-content-type-options", "nosniff"),
        ]
        let delay = retryAfterMilliseconds.map { Self.duration(milliseconds: $0) }
        let body = Self.errorBody(error, code: status, model: model, delay: delay)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream: `{"error":{…}}` as data or as an element.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        let body = Self.errorBody(error, code: error.status, model: "", delay: nil)
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
        _ error: ProviderError, code: Int, model: String, delay: String?
    ) -> JSONValue {
        let (status, message) = words(error, model: model, delay: delay)
        var details: [JSONValue] = error == .rateLimit ? quotaDetails(model: model) : []
        if let delay {
            details.append([
                "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": .string(delay),
            ])
        }
        var body: JSONValue = [
            "code": .int(Int64(code)), "message": .string(message), "status": .string(status),
        ]
        if !details.isEmpty { body["details"] = .array(details) }
        return ["error": body]
    }

    private static func words(
        _ error: ProviderError, model: String, delay: String?
    ) -> (status: String, message: String) {
        switch error {
        case .rateLimit:
            let subject = model.isEmpty ? "" : ", model: \(model)"
            let hint = delay.map { "\nPlease retry in \($0)." } ?? ""
            return (
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota, please check your plan and billing details. For "
                    + "more information on this error, head to: \(quotaPage). To monitor your "
                    + "current usage, head to: https://ai.dev/rate-limit. \n* Quota exceeded for "
                    + "metric: \(quotaMetric), limit: 5\(subject)\(hint)"
            )
        case .server:
            return (
                "INTERNAL",
                "An internal error has occurred. Please retry or report in "
                    + "https://developers.generativeai.google/guide/troubleshooting"
            )
        case .badGateway, .unavailable, .overloaded:
            return ("UNAVAILABLE", "The model is overloaded. Please try again later.")
        }
    }

    private static let quotaPage = "https://ai.google.dev/gemini-api/docs/rate-limits"
    private static let quotaMetric =
        "generativelanguage.googleapis.com/generate_content_free_tier_requests"

    private static func quotaDetails(model: String) -> [JSONValue] {
        var violation: JSONValue = [
            "quotaMetric": .string(quotaMetric),
            // A quota of a minute: clients give up on one of a day.
            "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
            "quotaDimensions": ["location": "global"],
            "quotaValue": "5",
        ]
        if !model.isEmpty { violation["quotaDimensions"]?["model"] = .string(model) }
        return [
            [
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [
                    [
                        "description": "Learn more about Gemini API quotas",
                        "url": .string(quotaPage),
                    ]
                ],
            ],
            [
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [violation],
            ],
        ]
    }
}
