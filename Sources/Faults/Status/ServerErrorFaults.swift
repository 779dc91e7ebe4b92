import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let serverError = FaultKind(
        id: "server-error",
        summary: "The answer is an error of the server, with the body that the provider sends.",
        layer: .status, target: .any, signature: .loud, weight: 1, replaces: true,
        parameters: [
            ParameterSpec(
                "code", .integer(500...599), default: .fixed(500),
                "The status: 500, 502, 503, 504 or another of the 5xx.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The status with the provider's own body: server_error, api_error, INTERNAL, "
                + "InternalServerException; 502 as its gateway writes it, 503 as unavailable, 529 "
                + "as overloaded.",
            clients: "SDKs of OpenAI, Anthropic, Cohere and the AI SDK retry twice, boto3 up to "
                + "three attempts on 500, 502, 503 and 504; google-genai, ollama and mistralai not "
                + "by default.",
            robustAgent: "Retries within a budget; does not repeat side effects."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let code = Int(parameters.integer("code"))
            let error: ProviderError =
                switch code {
                case 502: .badGateway
                case 503: .unavailable
                case 529: .overloaded
                default: .server
                }
            delivery.replace(
                by: context.errorAnswer(error, status: code),
                request: context.interaction.request)
        })

    static let overloaded529 = overloaded(
        "overloaded-529", "The answer is 529: the provider is overloaded.", status: 529,
        documentation: FaultDocumentation(
            wireForm: "529. Anthropic: overloaded_error with x-should-retry: true; others send "
                + "what they say of overload.",
            clients: "Retried; anthropic-python raises OverloadedError at last, but only before a "
                + "stream begins.",
            robustAgent: "Backs off for longer than the 8 s of the SDK, then goes to another "
                + "provider.",
            evidence: [
                "anthropics/anthropic-sdk-typescript#616", "anthropics/claude-code#61365",
                "anthropics/claude-code#63051",
            ]))

    static let overloaded503 = overloaded(
        "overloaded-503", "The answer is 503: the model is overloaded.", status: 503,
        documentation: FaultDocumentation(
            wireForm: "503. OpenAI: code server_is_overloaded. Gemini: UNAVAILABLE, `The model is "
                + "overloaded`. Bedrock: ServiceUnavailableException.",
            clients: "OpenAI's SDK retries twice; google-genai does not retry by default.",
            robustAgent: "Goes to another model or provider."))

    private static func overloaded(
        _ id: String, _ summary: String, status: Int, documentation: FaultDocumentation
    ) -> FaultKind {
        FaultKind(
            id: id, summary: summary, layer: .status, target: .model, signature: .loud, weight: 1,
            replaces: true, documentation: documentation,
            apply: edit { (delivery, _, context) throws(Inapplicable) in
                delivery.replace(
                    by: context.errorAnswer(.overloaded, status: status),
                    request: context.interaction.request)
            })
    }

    static let shouldRetryFalse500 = shouldRetry(
        "x-should-retry-false-500", "The answer is 500 and tells the client not to retry.",
        .server, "false", weight: 2,
        documentation: FaultDocumentation(
            wireForm: "500 with the provider's body and x-should-retry: false.",
            clients: "The SDKs of OpenAI and Anthropic do not retry: the header comes before the "
                + "status.",
            robustAgent: "Fails fast, or goes to another provider."))

    static let shouldRetryTrue400 = shouldRetry(
        "x-should-retry-true-400", "The answer is 400 and tells the client to retry.",
        .invalidRequest, "true", weight: 1,
        documentation: FaultDocumentation(
            wireForm: "400 with the provider's body and x-should-retry: true.",
            clients: "The SDKs of OpenAI and Anthropic retry twice, though 400 is permanent "
                + "elsewhere.",
            robustAgent: "Trusts the header within a budget."))

    /// The protocols whose official clients read `x-should-retry`.
    private static let shouldRetryReaders = [
        OpenAIChat.id, OpenAIResponses.id, AzureOpenAI.id, AnthropicMessages.id,
    ]

    private static func shouldRetry(
        _ id: String, _ summary: String, _ error: ProviderError, _ value: String, weight: Int,
        documentation: FaultDocumentation
    ) -> FaultKind {
        FaultKind(
            id: id, summary: summary, layer: .status, target: .model, signature: .loud,
            weight: weight, replaces: true, documentation: documentation,
            apply: edit { (delivery, _, context) throws(Inapplicable) in
                guard shouldRetryReaders.contains(context.protocolName) else {
                    throw Inapplicable(
                        "clients of \(context.protocolName) do not read x-should-retry")
                }
                var answer = try context.refusal(error)
                answer.headers.set("x-should-retry", value)
                delivery.replace(by: answer, request: context.interaction.request)
            })
    }
}
