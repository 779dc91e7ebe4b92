import Determinism

/// What Gemini says of an error.
///
/// Sources: https://ai.google.dev/gemini-api/docs/troubleshooting, answers as clients reported
/// them.
struct GeminiFailure {
    /// The name of the status, as in `google.rpc.Code`.
    var status: String
    var message: String
    var details: [JSONValue] = []

    /// The words for a kind of error; of what it has no words for, the nearest.
    init(_ error: ProviderError, _ facts: ErrorFacts, delay: String?) {
        switch error {
        case .rateLimit: self.init(.minute, facts, delay: delay)
        case .quota: self.init(.day, facts, delay: delay)
        case .billingLimit, .payment: self.init(.none, facts, delay: delay)
        case .server: self.init("INTERNAL", Self.internalError)
        case .badGateway, .unavailable, .overloaded:
            self.init("UNAVAILABLE", "The model is overloaded. Please try again later.")
        case .authentication:
            self.init(
                "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
                details: [Self.invalidKey])
        case .permission, .agreementPending:
            self.init("PERMISSION_DENIED", "The caller does not have permission")
        case .regionBlocked:
            self.init(
                "FAILED_PRECONDITION", "User location is not supported for the API use.")
        case .modelNotFound:
            self.init(
                "NOT_FOUND",
                "models/\(facts.model) is not found for API version v1beta, or is not supported "
                    + "for generateContent. Call ListModels to see the list of available models "
                    + "and their supported methods.")
        case .conflict: self.init("ABORTED", "The operation was aborted.")
        case .timeout:
            self.init("DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")
        case .tooLarge, .invalidRequest, .contextLength, .contentPolicy, .unsupportedParameter,
            .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            self.init("INVALID_ARGUMENT", Self.refusal(error, facts))
        }
    }

    private init(_ status: String, _ message: String, details: [JSONValue] = []) {
        self.status = status
        self.message = message
        self.details = details
    }

    private static func refusal(_ error: ProviderError, _ facts: ErrorFacts) -> String {
        switch error {
        case .tooLarge: "Request payload size exceeds the limit: 20971520 bytes."
        case .contextLength:
            "The input token count (\(facts.tokens)) exceeds the maximum number of tokens "
                + "allowed (\(facts.tokensMax))."
        case .unsupportedParameter:
            "Invalid JSON payload received. Unknown name \"\(facts.parameter)\" at "
                + "'generation_config': Cannot find field."
        case .historyInvalid:
            "Please ensure that the number of function response parts is equal to the number of "
                + "function call parts of the function call turn."
        case .signatureInvalid:
            "Function call is missing a thought_signature in functionCall parts. This is "
                + "required for tools to work correctly, and missing thought_signature may lead "
                + "to degraded model performance."
        default: "Request contains an invalid argument."
        }
    }

    private static let internalError =
        "An internal error has occurred. Please retry or report in "
        + "https://developers.generativeai.google/guide/troubleshooting"

    private static let invalidKey: JSONValue = [
        "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
        "domain": "googleapis.com", "metadata": ["service": "generativelanguage.googleapis.com"],
    ]
}

/// What is used up: the requests of a minute or of a day, or there are none at all.
private enum GeminiQuota {
    case minute
    case day
    case none

    // Clients tell a quota of a minute from one of a day by its name, and the last by its limit.
    var name: String {
        switch self {
        case .minute: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
        case .day, .none: "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
        }
    }

    var limit: Int {
        switch self {
        case .minute: 5
        case .day: 20
        case .none: 0
        }
    }
}

extension GeminiFailure {
    private static let quotaPage = "https://ai.google.dev/gemini-api/docs/rate-limits"
    private static let quotaMetric =
        "generativelanguage.googleapis.com/generate_content_free_tier_requests"

    private init(_ quota: GeminiQuota, _ facts: ErrorFacts, delay: String?) {
        let subject = facts.model.isEmpty ? "" : ", model: \(facts.model)"
        let hint = delay.map { "\nPlease retry in \($0)." } ?? ""
        self.init(
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota, please check your plan and billing details. For "
                + "more information on this error, head to: \(Self.quotaPage). To monitor your "
                + "current usage, head to: https://ai.dev/rate-limit. \n* Quota exceeded for "
                + "metric: \(Self.quotaMetric), limit: \(quota.limit)\(subject)\(hint)",
            details: Self.details(of: quota, model: facts.model))
    }

    private static func details(of quota: GeminiQuota, model: String) -> [JSONValue] {
        var violation: JSONValue = [
            "quotaMetric": .string(quotaMetric), "quotaId": .string(quota.name),
            "quotaDimensions": ["location": "global"],
            "quotaValue": .string(String(quota.limit)),
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
