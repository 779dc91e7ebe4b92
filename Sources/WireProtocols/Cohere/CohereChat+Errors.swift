import Cassette
import Determinism

extension CohereChat {
    /// The answer of the provider for an error: `{"id":…,"message":…}`.
    ///
    /// The identifier and the time of reset are fixed, so that runs repeat. The SDK reads
    /// `retry-after-ms` and `retry-after`, which are there when a delay is given, before
    /// `x-ratelimit-reset`, and takes no notice of a time that has passed.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        // 2026-01-01T00:00:00Z in seconds since 1970.
        if error == .rateLimit { headers.append("x-ratelimit-reset", "1767225600") }
        let body: JSONValue = [
            "id": "00000000-0000-0000-0000-000000000000",
            "message": .string(Self.message(error)),
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
            "delta": ["error": .string(Self.message(error)), "finish_reason": "ERROR"],
        ]
        return StreamEvent(event: "message-end", data: data.encodedText())
    }

    private static func message(_ error: ProviderError) -> String {
        switch error {
        case .rateLimit:
            "You are past the per minute request limit, please wait and try again later."
        case .server: "internal server error, this has been reported to our developers"
        case .badGateway: "bad gateway"
        case .unavailable: "service unavailable"
        case .overloaded: "Please wait and try again later"
        }
    }
}
