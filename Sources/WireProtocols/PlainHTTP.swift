import Cassette
import Determinism

/// Answers of a plain JSON service, such as a tool that is called over HTTP.
public enum PlainHTTP {
    /// The answer for an error: `{"error":{"code":…,"message":…}}`.
    public static func errorAnswer(
        _ error: ProviderError, status: Int, retryAfterMilliseconds: Int64? = nil
    ) -> ErrorAnswer {
        let (code, message) = words(error)
        return errorAnswer(
            status: status, code: code, message: message,
            retryAfterMilliseconds: retryAfterMilliseconds)
    }

    /// The same answer in the caller's own words.
    public static func errorAnswer(
        status: Int, code: String, message: String, retryAfterMilliseconds: Int64? = nil
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        let body: JSONValue = ["error": ["code": .string(code), "message": .string(message)]]
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    private static func words(_ error: ProviderError) -> (code: String, message: String) {
        switch error {
        case .rateLimit: ("rate_limited", "Too many requests. Please try again later.")
        case .server: ("internal_error", "The server had an internal error.")
        case .badGateway: ("bad_gateway", "The upstream service gave an invalid answer.")
        case .unavailable: ("unavailable", "The service is temporarily unavailable.")
        case .overloaded: ("overloaded", "The service is overloaded.")
        }
    }
}
