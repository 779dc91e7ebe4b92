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

    /// The answer of the provider for an error.
    ///
    /// Of a rate limit the gateway in front of the model speaks, with the status as the code and
    /// the seconds in its message.
    public func errorAnswer(
        _ error: ProviderError, status: Int, model: String, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.appendRetry(afterMilliseconds: retryAfterMilliseconds)
        headers.append("apim-request-id", "00000000-0000-0000-0000-000000000000")
        headers.append("x-ms-region", "Sweden Central")
        let seconds = HeaderFields.wholeSeconds(retryAfterMilliseconds ?? 1000)
        let body = Self.errorBody(error, status: status, seconds: seconds)
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The event that reports an error inside a stream, as OpenAI writes it.
    public func errorEvent(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        OpenAIChat().errorEvent(error, framing: framing)
    }

    private static func errorBody(
        _ error: ProviderError, status: Int, seconds: Int64
    ) -> JSONValue {
        switch error {
        case .rateLimit:
            errorBody(
                code: String(status),
                "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
                    + "2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing "
                    + "tier. Please retry after \(seconds) seconds. Please go here: "
                    + "https://aka.ms/oai/quotaincrease if you would like to further increase the "
                    + "default rate limit.")
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
        }
    }

    private static func errorBody(code: String, _ message: String) -> JSONValue {
        ["error": ["code": .string(code), "message": .string(message)]]
    }
}
