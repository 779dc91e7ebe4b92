import Determinism

/// What OpenRouter says of an error: its own words, or what the provider behind it said.
struct OpenRouterFailure {
    private var message: String
    private var metadata: JSONValue?

    /// The members of `error`.
    func body(status: Int) -> JSONValue {
        var body: JSONValue = ["message": .string(message), "code": .int(Int64(status))]
        if let metadata { body["metadata"] = metadata }
        return body
    }

    /// The words for a kind of error; of what it has no words for, the nearest.
    init(_ error: ProviderError, _ facts: ErrorFacts) {
        switch error {
        case .rateLimit:
            self.init(
                raw: "\(facts.model) is temporarily rate-limited upstream. Please retry shortly, "
                    + "or add your own key to accumulate your rate limits.")
        case .server, .conflict: self.init("Internal Server Error")
        case .badGateway: self.init(raw: "error code: 502")
        case .unavailable, .overloaded:
            self.init("No allowed providers are available for the selected model.")
        case .quota:
            self.init(
                "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free "
                    + "model requests per day")
        case .billingLimit:
            self.init(
                "Key limit exceeded (total limit). Manage it using "
                    + "https://openrouter.ai/settings/keys")
        case .payment:
            self.init(
                "Insufficient credits. Add more using https://openrouter.ai/settings/credits")
        case .authentication: self.init("User not found.")
        case .permission, .agreementPending:
            self.init("The key is not allowed to use this model.")
        case .regionBlocked: self.init("Access denied: this model is not available in your region.")
        case .modelNotFound: self.init("No endpoints found for \(facts.model).")
        case .timeout: self.init("Request timed out")
        case .contextLength:
            self.init(
                "This endpoint's maximum context length is \(facts.tokensMax) tokens. However, you "
                    + "requested about \(facts.tokens) tokens. Please reduce the length of either "
                    + "one, or use the \"middle-out\" transform to compress your prompt "
                    + "automatically.")
        case .contentPolicy: self.init(flagged: facts)
        case .signatureInvalid: self.init(raw: AnthropicMessages.refusal(error, facts))
        case .tooLarge, .invalidRequest, .unsupportedParameter, .historyInvalid,
            .previousResponseNotFound:
            self.init(raw: OpenAIError(error, facts, subject: "").body.encodedText())
        }
    }

    private init(_ message: String) {
        self.message = message
    }

    /// An error of the provider behind it.
    private init(raw: String) {
        message = "Provider returned error"
        metadata = ["raw": .string(raw), "provider_name": "unknown"]
    }

    /// What the filter in front of a model found.
    private init(flagged facts: ErrorFacts) {
        message =
            "\(facts.model) requires moderation. Your input was flagged for "
            + "\"\(facts.category)\". No credits were charged."
        metadata = [
            "reasons": [.string(facts.category)], "flagged_input": "",
            "provider_name": "unknown", "model_slug": .string(facts.model),
        ]
    }
}
