import Cassette

extension WireProtocols {
    /// The protocols in the order in which they are tried: those with a route of their own first,
    /// then providers that share one and are told by their host, then what they all speak, which
    /// is also guessed from a body.
    public static let all: [any WireProtocol] =
        [
            AnthropicMessages(), Gemini(), BedrockConverse(), BedrockInvoke(), OllamaChat(),
            OllamaGenerate(), CohereChat(), OpenAIResponses(),
        ] + resources + [AzureOpenAI(), Mistral(), OpenRouter(), OpenAIChat()]

    private static let resources: [any WireProtocol] = [
        ModelResource(of: AnthropicMessages()) { request, _ in
            request.headers.contains("anthropic-version")
        },
        ModelResource(of: Gemini()) { request, host in
            isHost(host, below: "googleapis.com") || request.headers.contains("x-goog-api-key")
        },
        ModelResource(of: OllamaChat()) { request, _ in
            ["/api/tags", "/api/embed", "/api/embeddings"].contains { request.path.hasSuffix($0) }
        },
        ModelResource(of: CohereChat()) { _, host in isHost(host, below: "cohere.com") },
        ModelResource(of: AzureOpenAI()) { request, host in
            AzureOpenAI().serves(request, host: host)
        },
        ModelResource(of: Mistral()) { request, host in Mistral().serves(request, host: host) },
        ModelResource(of: OpenRouter()) { request, host in
            OpenRouter().serves(request, host: host)
        },
        // A tool may have such routes too, so the route alone is not enough.
        ModelResource(of: OpenAIChat()) { request, host in
            isHost(host, below: "openai.com") || request.headers.contains("x-stainless-lang")
        },
    ]
}
