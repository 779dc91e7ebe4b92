import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let rateLimit429 = rateLimit(
        "rate-limit-429", "The answer is 429 with the delay after which to try again.", weight: 1,
        // From 1: SDKs ignore a delay of 0 and take their own, with jitter.
        parameters: [delay],
        documentation: FaultDocumentation(
            wireForm: "429 with the provider's transient error; retry-after-ms and retry-after, "
                + "remaining requests 0 and their reset. Bedrock: ThrottlingException with "
                + "x-amz-retry-after. Gemini: RetryInfo in the body only. Ollama: no delay at all.",
            clients:
                "OpenAI, Anthropic, Cohere and the AI SDK retry twice and wait as asked; boto3 "
                + "three attempts in all; google-genai, ollama and mistralai do not retry by "
                + "default. Frameworks multiply this by their own retries.",
            robustAgent: "Waits at least as long as asked, adds jitter, caps the total, and sends "
                + "less in parallel.",
            evidence: ["HKUDS/nanobot#2760", "livekit/agents#5335", "BerriAI/litellm#25285"])
    ) { (parameters, context) throws(Inapplicable) in
        context.rateLimit(afterMilliseconds: parameters.integer("retry_after_ms"))
    }

    static let rateLimitNoHeader = rateLimit(
        "rate-limit-no-header", "The answer is 429 and names no delay.", weight: 2,
        documentation: FaultDocumentation(
            wireForm: "429 with the provider's transient error, without any header that says when "
                + "to try again. Gemini: without RetryInfo.",
            clients: "SDKs that retry wait half a second, then double up to 8 s, with jitter.",
            robustAgent: "Backs off exponentially with jitter, and gives up after a budget.")
    ) { (_, context) throws(Inapplicable) in
        var answer = context.rateLimit(afterMilliseconds: nil)
        answer.removeDelays()
        return answer
    }

    static let rateLimitLying = rateLimit(
        "rate-limit-lying",
        "The answer is 429 with a short delay that does not hold: the next attempt is refused too.",
        weight: 2, parameters: [delay],
        documentation: FaultDocumentation(
            wireForm:
                "That of rate-limit-429. It lies when it hits attempts in a row: give `times` "
                + "more than the agent has retries, or no bound.",
            clients: "Every retry is spent within seconds, and the error comes to the agent.",
            robustAgent: "Waits longer each time although the header says less, and opens a "
                + "circuit breaker.")
    ) { (parameters, context) throws(Inapplicable) in
        context.rateLimit(afterMilliseconds: parameters.integer("retry_after_ms"))
    }

    static let rateLimitBodyHint = rateLimit(
        "rate-limit-body-hint", "The answer is 429 and names the delay in its body only.",
        weight: 2,
        parameters: [
            .milliseconds(
                "retry_after_ms", from: 1, default: 46_000, "The delay that the body asks for.")
        ],
        documentation: FaultDocumentation(
            wireForm: "429 without a header. Gemini: google.rpc.RetryInfo with retryDelay 46s. "
                + "OpenAI, Azure: `try again in 46s` in the message. Others have no place for it.",
            clients: "google-genai ignores the delay, and does not retry by default; pydantic-ai "
                + "reads it. Others take their own back-off.",
            robustAgent: "Reads the delay from the body.",
            evidence: ["google-gemini/gemini-cli#10925"])
    ) { (parameters, context) throws(Inapplicable) in
        let milliseconds = parameters.integer("retry_after_ms")
        var answer = context.rateLimit(afterMilliseconds: milliseconds)
        // A delay that no body names by chance.
        let probe = context.rateLimit(afterMilliseconds: 86_399_000).body
        guard probe != context.rateLimit(afterMilliseconds: nil).body else {
            throw Inapplicable("\(context.protocolName) names no delay in its body")
        }
        answer.removeDelays()
        return answer
    }

    static let quotaExhausted429 = refusal(
        "quota-exhausted-429",
        "The answer looks like a rate limit, but a quota is used up: no retry helps.",
        variants: [("quota", .quota), ("billing-limit", .billingLimit)],
        documentation: FaultDocumentation(
            wireForm: "429 without a delay. OpenAI: code insufficient_quota or "
                + "billing_hard_limit_reached. Anthropic: details.error_code "
                + "enforced_spend_limit_reached or contract_spend_limit_reached. Gemini: a quotaId "
                + "with PerDay, or limit 0. Bedrock: too many tokens per day, or 400 "
                + "ServiceQuotaExceededException. OpenRouter: free-models-per-day, or 403 for the "
                + "limit of a key.",
            clients: "SDKs retry by status all the same, unless x-should-retry is false.",
            robustAgent: "Tells it from a rate limit by its code, fails fast, and tells the user.",
            evidence: [
                "langchain-ai/langchainjs#1929", "google-gemini/gemini-cli#10925",
            ]))

    private static let delay = ParameterSpec.milliseconds(
        "retry_after_ms", from: 1, default: 1_000, "The delay that the answer asks for.")

    /// A kind that answers 429.
    static func rateLimit(
        _ id: String, _ summary: String, weight: Int, parameters: [ParameterSpec] = [],
        documentation: FaultDocumentation,
        answer:
            @escaping @Sendable (FaultParameters, FaultContext) throws(Inapplicable) -> ErrorAnswer
    ) -> FaultKind {
        FaultKind(
            id: id, summary: summary, layer: .status, target: .any, signature: .loud,
            weight: weight, replaces: true, parameters: parameters, documentation: documentation,
            apply: edit { (delivery, parameters, context) throws(Inapplicable) in
                delivery.replace(
                    by: try answer(parameters, context), request: context.interaction.request)
            })
    }
}

extension FaultContext {
    /// The provider's transient 429.
    func rateLimit(afterMilliseconds milliseconds: Int64?) -> ErrorAnswer {
        errorAnswer(
            .rateLimit, status: 429, facts: ErrorFacts(retryAfterMilliseconds: milliseconds))
    }
}

extension ErrorAnswer {
    /// Takes out every header that says when to try again.
    mutating func removeDelays() {
        for field in headers.fields where ErrorAnswer.namesDelay(field) {
            headers.remove(field.name)
        }
    }

    private static func namesDelay(_ field: HeaderField) -> Bool {
        let name = asciiLowercased(field.name)
        return ["retry-after", "retry-after-ms", "x-amz-retry-after"].contains(name)
            || (name.contains("ratelimit") && name.contains("reset"))
    }
}
