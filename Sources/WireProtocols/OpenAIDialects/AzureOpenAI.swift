import Cassette
import Determinism

/// Azure OpenAI, chat completions.
///
/// Source: https://learn.microsoft.com/azure/ai-services/openai/reference. The route names a
/// deployment; the first event of a stream has no choice and tells what the filter found.
public struct AzureOpenAI: OpenAIDialect {
    /// The stable identifier.
    public static let id = "azure-openai"

    /// Creates the protocol.
    public init() {}

    /// The stable identifier.
    public var id: String { Self.id }

    func serves(_ request: RecordedRequest, host: String) -> Bool {
        isHost(host, below: "openai.azure.com")
            || isHost(host, below: "cognitiveservices.azure.com")
            || isHost(host, below: "services.ai.azure.com")
            || request.path.contains("/deployments/")
    }

    /// The status of an error; its gateway speaks of no credit and no contracts.
    public func status(of error: ProviderError) -> Int? {
        switch error {
        case .quota, .billingLimit, .regionBlocked: nil
        default: OpenAIChat().status(of: error)
        }
    }

    /// The answer of the provider for an error.
    ///
    /// Of limits, keys and deployments the gateway in front of the model speaks, with the status as
    /// the code and the seconds in its message; of the rest of a request the model, as OpenAI's.
    public func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: facts.retryAfterMilliseconds)
        headers.append("apim-request-id", "00000000-0000-0000-0000-000000000000")
        headers.append("x-ms-region", "Sweden Central")
        let body = Self.errorBody(error, status: status, facts)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream, as OpenAI writes it.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        OpenAIChat().errorEvent(error, framing: framing)
    }

    private static func errorBody(
        _ error: ProviderError, status: Int, _ facts: ErrorFacts
    ) -> JSONValue {
        switch error {
        case .rateLimit, .quota, .billingLimit, .payment:
            errorBody(code: String(status), rateLimit(facts))
        case .server:
            errorBody(
                code: "InternalServerError",
                "The server had an error while processing your request. Sorry about that!")
        case .badGateway: errorBody(code: "BadGateway", "The upstream service is not reachable.")
        case .unavailable, .overloaded:
            errorBody(
                code: "ServiceUnavailable",
                "The server is currently overloaded with other requests. Sorry about that! You "
                    + "can retry your request.")
        case .authentication:
            errorBody(
                code: String(status),
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
                    + "provide a valid key for an active subscription and use a correct regional "
                    + "API endpoint for your resource.")
        case .permission, .regionBlocked, .agreementPending:
            errorBody(
                code: String(status), "Access denied due to Virtual Network/Firewall rules.")
        case .modelNotFound:
            errorBody(
                code: "DeploymentNotFound",
                "The API deployment for this resource does not exist. If you created the "
                    + "deployment within the last 5 minutes, please wait a moment and try again.")
        case .timeout: errorBody(code: "Timeout", "The operation was timeout.")
        case .contentPolicy: contentFilter(status: status, facts)
        case .tooLarge, .conflict, .invalidRequest, .contextLength, .unsupportedParameter,
            .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            OpenAIError(error, facts, subject: "").body
        }
    }

    private static func rateLimit(_ facts: ErrorFacts) -> String {
        let seconds = HeaderFields.wholeSeconds(facts.retryAfterMilliseconds ?? 1000)
        return "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
            + "2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing "
            + "tier. Please retry after \(seconds) seconds. Please go here: "
            + "https://aka.ms/oai/quotaincrease if you would like to further increase the "
            + "default rate limit."
    }

    /// What the filter found: the category of the facts, and none of the others.
    private static func contentFilter(status: Int, _ facts: ErrorFacts) -> JSONValue {
        let found = ["hate", "self_harm", "sexual", "violence"].map { category in
            let isHit = category == facts.category
            return JSONMember(
                category,
                ["filtered": .bool(isHit), "severity": .string(isHit ? "medium" : "safe")])
        }
        return [
            "error": [
                "message": """
                The response was filtered due to the prompt triggering Azure OpenAI's content \
                management policy. Please modify your prompt and retry. To learn more about our \
                content filtering policies please read our documentation: \
                https://go.microsoft.com/fwlink/?linkid=2198766
                """,
                "type": .null, "param": "prompt", "code": "content_filter",
                "status": .int(Int64(status)),
                "innererror": [
                    "code": "ResponsibleAIPolicyViolation",
                    "content_filter_result": .object(found),
                ],
            ]
        ]
    }

    private static func errorBody(code: String, _ message: String) -> JSONValue {
        ["error": ["code": .string(code), "message": .string(message)]]
    }
}
