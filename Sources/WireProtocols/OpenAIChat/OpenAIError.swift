import Cassette
import Determinism

/// What OpenAI says of an error: the members of `error` in its answers.
///
/// Sources: https://platform.openai.com/docs/guides/error-codes, answers as clients reported them.
struct OpenAIError {
    var message: String
    var type: String
    var code: String?
    var parameter: String?

    /// The document that holds it.
    var body: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": parameter.map { .string($0) } ?? .null,
                "code": code.map { .string($0) } ?? .null,
            ]
        ]
    }

    /// The members for a kind of error; of what it has no words for, the nearest.
    ///
    /// The subject names model and organisation; inside a stream it is left out.
    init(_ error: ProviderError, _ facts: ErrorFacts, subject: String) {
        switch error {
        case .rateLimit: self = .rateLimit(facts, subject: subject)
        case .server, .badGateway: self = .server
        case .unavailable, .overloaded: self = .overloaded
        case .quota: self = .quota
        case .billingLimit, .payment: self = .billingLimit
        case .authentication: self = .authentication
        case .permission, .agreementPending: self = .permission(facts)
        case .regionBlocked: self = .regionBlocked
        case .modelNotFound: self = .modelNotFound(facts)
        case .tooLarge: self = .tooLarge
        case .conflict:
            self.init("The resource is locked by another request.", type: "conflict_error")
        case .timeout: self.init("Request timed out.", type: "timeout")
        case .invalidRequest, .signatureInvalid, .previousResponseNotFound:
            self.init(
                "Invalid value for 'messages': expected an array of objects.",
                parameter: "messages")
        case .contextLength: self = .contextLength(facts)
        case .contentPolicy: self = .contentPolicy
        case .unsupportedParameter: self = .unsupportedParameter(facts)
        case .historyInvalid: self = .historyInvalid
        }
    }

    init(
        _ message: String, type: String = "invalid_request_error", code: String? = nil,
        parameter: String? = nil
    ) {
        self.message = message
        self.type = type
        self.code = code
        self.parameter = parameter
    }
}

extension OpenAIError {
    private static func rateLimit(_ facts: ErrorFacts, subject: String) -> OpenAIError {
        OpenAIError(
            "Rate limit reached\(subject) on requests per min (RPM): Limit 60, Used 60, "
                + "Requested 1. Please try again in \(facts.resetSeconds).",
            type: "requests", code: "rate_limit_exceeded")
    }

    private static let server = OpenAIError(
        "The server had an error processing your request. Sorry about that! You can retry your "
            + "request, or contact us through our help center at help.openai.com if you keep "
            + "seeing this error.",
        type: "server_error")

    private static let overloaded = OpenAIError(
        "Our servers are currently overloaded. Please try again later.",
        type: "service_unavailable_error", code: "server_is_overloaded")

    private static let quota = OpenAIError(
        "You exceeded your current quota, please check your plan and billing details. For more "
            + "information on this error, read the docs: "
            + "https://platform.openai.com/docs/guides/error-codes/api-errors.",
        type: "insufficient_quota", code: "insufficient_quota")

    private static let billingLimit = OpenAIError(
        "Billing hard limit has been reached.", code: "billing_hard_limit_reached")

    // The real answer repeats the last characters of the key.
    private static let authentication = OpenAIError(
        "Incorrect API key provided: sk-****. You can find your API key at "
            + "https://platform.openai.com/account/api-keys.",
        code: "invalid_api_key")

    private static func permission(_ facts: ErrorFacts) -> OpenAIError {
        OpenAIError(
            "Project `proj_000000000000000000000000` does not have access to model "
                + "`\(facts.model)`",
            code: "model_not_found")
    }

    private static let regionBlocked = OpenAIError(
        "Country, region, or territory not supported", type: "request_forbidden",
        code: "unsupported_country_region_territory")

    private static func modelNotFound(_ facts: ErrorFacts) -> OpenAIError {
        OpenAIError(
            "The model `\(facts.model)` does not exist or you do not have access to it.",
            code: "model_not_found")
    }

    private static let tooLarge = OpenAIError(
        "Maximum content size limit (26214400) exceeded (26428464 bytes read)",
        type: "server_error")

    private static func contextLength(_ facts: ErrorFacts) -> OpenAIError {
        OpenAIError(
            "This model's maximum context length is \(facts.tokensMax) tokens. However, your "
                + "messages resulted in \(facts.tokens) tokens. Please reduce the length of the "
                + "messages.",
            code: "context_length_exceeded", parameter: "messages")
    }

    private static let contentPolicy = OpenAIError(
        "Invalid prompt: your prompt was flagged as potentially violating our usage policy. "
            + "Please try again with a different prompt: "
            + "https://platform.openai.com/docs/guides/reasoning#advice-on-prompting",
        code: "invalid_prompt")

    private static func unsupportedParameter(_ facts: ErrorFacts) -> OpenAIError {
        let name = facts.parameter
        let hint = name == "max_tokens" ? " Use 'max_completion_tokens' instead." : ""
        return OpenAIError(
            "Unsupported parameter: '\(name)' is not supported with this model.\(hint)",
            code: "unsupported_parameter", parameter: name)
    }

    private static let historyInvalid = OpenAIError(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to "
            + "each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            + "call_000000000000000000000000",
        parameter: "messages")
}

extension ErrorFacts {
    /// The time of reset as OpenAI writes it; a second where no delay is given.
    var resetSeconds: String {
        "\(HeaderFields.wholeSeconds(retryAfterMilliseconds ?? 1000))s"
    }
}
