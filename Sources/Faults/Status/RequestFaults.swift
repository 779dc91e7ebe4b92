import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let requestTooLarge413 = FaultKind(
        id: "request-too-large-413",
        summary: "The request is refused because it has too many bytes.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: true,
        parameters: [
            .variant(
                ["request-too-large-413", "431"],
                "The body is too large, or the header lines are.")
        ],
        documentation: FaultDocumentation(
            wireForm: "413. Anthropic: request_too_large; Gemini: 400 INVALID_ARGUMENT. 431 comes "
                + "without a body from the server in front.",
            clients: "Not retried.",
            robustAgent: "Compacts or splits the request."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer =
                parameters.text("variant") == "431"
                ? ErrorAnswer(status: 431, headers: [], body: [])
                : try context.refusal(.tooLarge)
            delivery.replace(by: answer, request: context.interaction.request)
        })

    static let conflict409 = refusal(
        "conflict-409", "The request meets a lock, or takes too long for the server.",
        variants: [("conflict-409", .conflict), ("timeout-408", .timeout)], weight: 1,
        documentation: FaultDocumentation(
            wireForm: "409, or 408. A time-out is 504 at Anthropic (timeout_error) and Gemini "
                + "(DEADLINE_EXCEEDED), and ModelTimeoutException at Bedrock.",
            clients: "The SDKs of OpenAI, Anthropic and Cohere retry both; boto3 does not retry "
                + "408.",
            robustAgent: "Retries once; reads the state first where the request has an effect."))

    static let contextLength400 = refusal(
        "context-length-400", "The conversation has more tokens than the model takes.",
        .contextLength,
        parameters: [
            ParameterSpec(
                "request_tokens", .integer(1...1_000_000_000), default: .fixed(210_000),
                "How many tokens the answer says that the request has."),
            ParameterSpec(
                "limit_tokens", .integer(1...1_000_000_000), default: .fixed(200_000),
                "How many tokens it says that the model takes."),
        ],
        documentation: FaultDocumentation(
            wireForm: "400 in the words that clients look for. OpenAI: context_length_exceeded. "
                + "Anthropic: `prompt is too long`. Gemini: `The input token count (…) exceeds`. "
                + "Bedrock: `Input is too long for requested model`.",
            clients: "Not retried. Each framework tells it by another list of texts.",
            robustAgent: "Compacts or trims the conversation, and retries once.",
            evidence: [
                "BerriAI/litellm#29223", "ollama/ollama#18107", "google-gemini/gemini-cli#6678",
            ])
    ) { parameters in
        ErrorFacts(
            tokens: parameters.integer("request_tokens"),
            tokensMax: parameters.integer("limit_tokens"))
    }

    static let contentPolicy400 = refusal(
        "content-policy-400", "A filter refuses the request.", .contentPolicy,
        parameters: [
            ParameterSpec(
                "category", .choice(["hate", "self_harm", "sexual", "violence"]),
                default: .fixed("hate"), "What the filter found, where the provider says so.")
        ],
        documentation: FaultDocumentation(
            wireForm: "400. Azure: content_filter with the severity of every category. OpenAI: "
                + "invalid_prompt. Anthropic and Bedrock: `Output blocked by content filtering "
                + "policy`. OpenRouter: 403, Cohere: 498. Gemini answers 200 with a block reason.",
            clients: "Not retried.",
            robustAgent: "Rephrases once or declines; does not loop.")
    ) { parameters in
        ErrorFacts(category: parameters.text("category"))
    }

    static let unsupportedParam400 = refusal(
        "unsupported-param-400", "The model does not take a parameter of the request.",
        .unsupportedParameter,
        parameters: [
            ParameterSpec(
                "parameter", .text, default: .fixed("max_tokens"), "The parameter that is named.")
        ],
        documentation: FaultDocumentation(
            wireForm: "400. OpenAI: unsupported_parameter with the name in `param`. Anthropic: "
                + "`Extra inputs are not permitted`. Gemini: `Unknown name`. Bedrock: `extraneous "
                + "key`. Mistral: 422 extra_forbidden.",
            clients: "Not retried. litellm raises UnsupportedParamsError before it sends.",
            robustAgent: "Leaves the parameter out and retries once.")
    ) { parameters in
        ErrorFacts(parameter: parameters.text("parameter"))
    }
}
