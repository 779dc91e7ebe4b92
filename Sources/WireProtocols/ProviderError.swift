/// A kind of error that a provider reports, each in its own words.
///
/// The raw values name them in scenarios and plans.
public enum ProviderError: String, Hashable, Sendable, CaseIterable {
    /// Too many requests; transient.
    case rateLimit = "rate-limit"
    /// An internal error of the provider.
    case server
    /// A bad gateway in front of the provider.
    case badGateway = "bad-gateway"
    /// The provider is unavailable.
    case unavailable
    /// The provider is overloaded.
    case overloaded
    /// A quota is used up; waiting for seconds does not help.
    case quota
    /// A limit of spending is reached; waiting for seconds does not help.
    case billingLimit = "billing-limit"
    /// The account has no credit.
    case payment
    /// The key is not valid.
    case authentication
    /// The key may not do this.
    case permission
    /// The provider does not serve the place of the caller.
    case regionBlocked = "region-blocked"
    /// The contract for the model is being made; transient for minutes.
    case agreementPending = "agreement-pending"
    /// There is no such model, or no longer.
    case modelNotFound = "model-not-found"
    /// The request has too many bytes.
    case tooLarge = "too-large"
    /// Something else holds what the request needs.
    case conflict
    /// The request took too long.
    case timeout
    /// The request makes no sense.
    case invalidRequest = "invalid-request"
    /// The conversation has more tokens than the model takes.
    case contextLength = "context-length"
    /// A filter refused the request.
    case contentPolicy = "content-policy"
    /// The model does not take a parameter.
    case unsupportedParameter = "unsupported-parameter"
    /// The conversation has a tool call without its result.
    case historyInvalid = "history-invalid"
    /// A signed part of the conversation is not what was signed.
    case signatureInvalid = "signature-invalid"
    /// The response that the request continues is gone.
    case previousResponseNotFound = "previous-response-not-found"
}

extension ProviderError {
    /// The status with which it comes where a provider has no other.
    var status: Int {
        switch self {
        case .rateLimit, .quota, .billingLimit: 429
        case .server: 500
        case .badGateway: 502
        case .unavailable, .overloaded: 503
        case .payment: 402
        case .authentication: 401
        case .permission, .regionBlocked, .agreementPending: 403
        case .modelNotFound: 404
        case .tooLarge: 413
        case .conflict: 409
        case .timeout: 408
        case .invalidRequest, .contextLength, .contentPolicy, .unsupportedParameter,
            .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            400
        }
    }
}

/// What an error says beside its kind, where the provider's words have a place for it.
public struct ErrorFacts: Hashable, Sendable {
    /// The model that was asked.
    public var model: String
    /// After how long to try again.
    public var retryAfterMilliseconds: Int64?
    /// How many tokens the request has.
    public var tokens: Int64
    /// How many tokens the model takes.
    public var tokensMax: Int64
    /// The parameter that the model does not take.
    public var parameter: String
    /// The category in which a filter put the request.
    public var category: String
    /// The identifier of the response that is gone.
    public var previousResponse: String

    /// Creates facts; what is not given is what a usual answer says.
    public init(
        model: String = "unknown", retryAfterMilliseconds: Int64? = nil,
        tokens: Int64 = 210_000, tokensMax: Int64 = 200_000, parameter: String = "max_tokens",
        category: String = "hate",
        previousResponse: String = "resp_00000000000000000000000000000000"
    ) {
        self.model = model
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.tokens = tokens
        self.tokensMax = tokensMax
        self.parameter = parameter
        self.category = category
        self.previousResponse = previousResponse
    }
}

extension WireProtocol {
    /// The status that the error has where a provider has no other.
    public func status(of error: ProviderError) -> Int? {
        error.status
    }
}
