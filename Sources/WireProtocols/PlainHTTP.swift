import Cassette
import Determinism

/// Answers of a plain JSON service, such as a tool that is called over HTTP.
public enum PlainHTTP {
    /// The status of an error; a service that is no model has none of models and conversations.
    public static func status(of error: ProviderError) -> Int? {
        switch error {
        case .modelNotFound, .agreementPending, .contextLength, .contentPolicy,
            .unsupportedParameter, .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            nil
        default: error.status
        }
    }

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
        case .quota: ("quota_exceeded", "The quota of this account is used up.")
        case .billingLimit: ("spend_limit_reached", "The spend limit of this account is reached.")
        case .payment: ("payment_required", "The account has no credit left.")
        case .authentication: ("unauthorized", "The API key is not valid.")
        case .permission, .agreementPending:
            ("forbidden", "The API key has no permission for this resource.")
        case .regionBlocked: ("region_blocked", "The service is not available in this region.")
        case .modelNotFound: ("not_found", "The requested resource does not exist.")
        case .tooLarge: ("payload_too_large", "The request is too large.")
        case .conflict: ("conflict", "The resource is locked by another request.")
        case .timeout: ("request_timeout", "The request took too long.")
        case .invalidRequest, .contextLength, .contentPolicy, .unsupportedParameter,
            .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            ("invalid_request", "The request is not valid.")
        }
    }
}
