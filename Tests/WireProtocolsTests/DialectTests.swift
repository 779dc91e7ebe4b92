import Cassette
import Determinism
import Testing
import WireProtocols

extension WireSample {
    /// Two streams of chat completions, as the providers that share the protocol.
    static let dialects: [WireSample] = openAI.prefix(2).flatMap { sample in
        [AzureOpenAI(), Mistral(), OpenRouter()].map { (wire: any WireProtocol) in
            WireSample(
                name: sample.name, wire: wire, stream: sample.stream, expected: sample.expected,
                contentEvents: sample.contentEvents, members: sample.members, words: sample.words)
        }
    }
}

@Suite("Which protocol a request speaks")
struct DetectionTests {
    private static let chat = #"{"model":"m","messages":[],"input":"x"}"#

    @Test(
        "is told by route, host and headers",
        arguments: [
            ("POST", "https://api.openai.com/v1", "/chat/completions", "openai-chat"),
            (
                "POST", "https://x.openai.azure.com", "/openai/deployments/d/chat/completions",
                "azure-openai"
            ),
            (
                "POST", "https://proxy.example", "/openai/deployments/d/chat/completions",
                "azure-openai"
            ),
            ("POST", "https://api.mistral.ai/v1", "/chat/completions", "mistral"),
            ("POST", "https://notmistral.ai", "/chat/completions", "openai-chat"),
            ("POST", "https://OpenRouter.ai:443/api/v1", "/chat/completions", "openrouter"),
            ("POST", "http://user@127.0.0.1:9/v1?x", "/chat/completions", "openai-chat"),
            ("POST", "https://api.openai.com/v1", "/responses", "openai-responses"),
            ("POST", "https://api.openai.com/v1", "/embeddings", "openai-chat-resource"),
            ("GET", "https://api.openai.com/v1", "/models", "openai-chat-resource"),
            ("GET", "https://api.openai.com/v1", "/models/gpt-5?x=1", "openai-chat-resource"),
            ("GET", "https://cars.example", "/v1/models", nil),
            ("POST", "https://cars.example", "/v1/models", nil),
            ("GET", "https://api.mistral.ai/v1", "/models", "mistral-resource"),
            ("POST", "http://127.0.0.1:11434", "/api/embed", "ollama-chat-resource"),
            ("GET", "http://127.0.0.1:11434", "/api/tags", "ollama-chat-resource"),
            ("GET", "http://127.0.0.1:11434", "/api/models", nil),
            ("POST", "http://127.0.0.1:11434", "/api/chat", "ollama-chat"),
            ("POST", "https://api.cohere.com", "/v2/chat", "cohere-chat"),
            ("POST", "https://api.cohere.com", "/v2/embed", "cohere-chat-resource"),
            (
                "POST", "https://generativelanguage.googleapis.com",
                "/v1beta/models/g:generateContent", "gemini"
            ),
            (
                "POST", "https://generativelanguage.googleapis.com",
                "/v1beta/models/g:embedContent", "gemini-resource"
            ),
            (
                "POST", "https://bedrock-runtime.us-east-1.amazonaws.com", "/model/m/converse",
                "bedrock-converse"
            ),
            (
                "POST", "https://bedrock-runtime.us-east-1.amazonaws.com", "/model/m/invoke",
                "bedrock-invoke"
            ),
            ("GET", "https://api.openai.com/v1", "/chat/completions", nil),
        ] as [(String, String, String, String?)])
    func detected(_ method: String, _ address: String, _ target: String, _ id: String?) {
        let body = method == "POST" ? Array(Self.chat.utf8) : []
        let request = RecordedRequest(method: method, target: target, body: body)
        let upstream = Upstream(name: "u", kind: .tool, address: address)
        // A body with messages and a model is taken for chat completions on any route of its own.
        let expected = target == "/v1/models" && method == "POST" ? "openai-chat" : id
        #expect(WireProtocols.of(request, upstream: upstream)?.id == expected)
        var named = upstream
        named.wireProtocol = "anthropic-messages"
        #expect(WireProtocols.of(request, upstream: named)?.id == "anthropic-messages")
    }

    @Test("is named by one identifier each")
    func identifiers() {
        let ids = WireProtocols.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(WireProtocols.named(id)?.id == id) }
        #expect(WireProtocols.named("openai") == nil)
    }
}

@Suite("Providers that share chat completions")
struct DialectTests {
    @Test(
        "say errors in their own words",
        arguments: [
            (
                AzureOpenAI(), .rateLimit, 429,
                #"{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation "#
                    + "under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your "
                    + "current OpenAI S0 pricing tier. Please retry after 2 seconds. Please go here: "
                    + #"https://aka.ms/oai/quotaincrease if you would like to further increase the "#
                    + #"default rate limit."}}"#
            ),
            (
                Mistral(), .rateLimit, 429,
                #"{"object":"error","message":"Rate limit exceeded","type":"rate_limited","#
                    + #""param":null,"code":"1300","raw_status_code":429}"#
            ),
            (
                Mistral(), .overloaded, 503,
                #"{"object":"error","message":"Service tier capacity exceeded for this model.","#
                    + #""type":"service_tier_capacity_exceeded","param":null,"code":"3505","#
                    + #""raw_status_code":503}"#
            ),
            (
                OpenRouter(), .rateLimit, 429,
                #"{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"m is "#
                    + "temporarily rate-limited upstream. Please retry shortly, or add your own key "
                    + #"to accumulate your rate limits.","provider_name":"unknown"}}}"#
            ),
            (
                OpenRouter(), .server, 500,
                #"{"error":{"message":"Internal Server Error","code":500}}"#
            ),
        ] as [(any WireProtocol, ProviderError, Int, String)])
    func errors(_ wire: any WireProtocol, _ error: ProviderError, _ status: Int, _ body: String) {
        let answer = wire.errorAnswer(
            error, status: status, model: "m", retryAfterMilliseconds: 1500)
        #expect(String(decoding: answer.body, as: UTF8.self) == body)
        #expect(answer.status == status)
        #expect(answer.headers.first("retry-after") == "2")
        #expect(answer.headers.first("retry-after-ms") == "1500")
    }

    @Test("of OpenRouter finish a broken stream with an error")
    func openRouterEvent() throws {
        let event = try #require(OpenRouter().errorEvent(.badGateway, framing: .sse))
        #expect(event.json?["choices"]?[0]?["finish_reason"]?.stringValue == "error")
        #expect(event.json?["error"]?["code"]?.intValue == 502)
        #expect(OpenRouter().keepAlive(framing: .sse) == Array(": OPENROUTER PROCESSING\n\n".utf8))
    }

    @Test("of Mistral see its errors in a stream", arguments: ProviderError.allCases)
    func mistralEvent(_ error: ProviderError) throws {
        let event = try #require(Mistral().errorEvent(error, framing: .sse))
        #expect(Mistral().role(of: event) == .error)
        #expect(OpenAIChat().role(of: event) == .other)
    }
}
