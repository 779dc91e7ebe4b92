import WireProtocols

extension FaultKind {
    static let payment402 = refusal(
        "payment-402", "The answer is 402: the account has no credit.", .payment, target: .any,
        documentation: FaultDocumentation(
            wireForm: "402. Anthropic: billing_error. OpenRouter: insufficient credits. Cohere: no "
                + "payment method. OpenAI, Gemini, Bedrock, Mistral and Ollama have no such error.",
            clients: "Not retried.",
            robustAgent: "Fails fast and tells the user."))

    static let invalidAPIKeyMidRun = refusal(
        "invalid-api-key-mid-run", "The key is not valid any more.", .authentication,
        target: .any,
        documentation: FaultDocumentation(
            wireForm: "401 with invalid_api_key, authentication_error, `unauthorized`; Gemini: 400 "
                + "with reason API_KEY_INVALID; Bedrock: 403 UnrecognizedClientException. Aim it "
                + "with `after` or `call` at the calls from which on the key was rotated.",
            clients: "Not retried: AuthenticationError, or a bad request with Gemini.",
            robustAgent: "Stops without a retry, and never prints the key."))

    static let permission403 = refusal(
        "permission-403", "The key may not use this model, or not from here.",
        variants: [
            ("permission", .permission), ("region-blocked", .regionBlocked),
            ("agreement-pending", .agreementPending),
        ],
        documentation: FaultDocumentation(
            wireForm: "403 with permission_error, PERMISSION_DENIED, AccessDeniedException. "
                + "region-blocked: OpenAI unsupported_country_region_territory, Anthropic "
                + "`Request not allowed`; 400 at Gemini and Bedrock. agreement-pending is "
                + "Bedrock's, and passes after 15 minutes.",
            clients: "Not retried.",
            robustAgent: "Fails fast and says what is missing; waits only for an agreement."))

    static let modelNotFound404 = refusal(
        "model-not-found-404", "The model does not exist any more.", .modelNotFound,
        documentation: FaultDocumentation(
            wireForm: "404 with model_not_found, not_found_error, NOT_FOUND, "
                + "ResourceNotFoundException, DeploymentNotFound; Mistral: 400 invalid_model.",
            clients: "Not retried.",
            robustAgent: "Falls back to another model that was configured, and says so.",
            evidence: ["oh-my-pi#10758"]))
}
