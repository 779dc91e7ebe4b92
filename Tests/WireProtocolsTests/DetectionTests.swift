import Cassette
import Testing
import WireProtocols

@Suite("Which protocol a request speaks")
struct DetectionTests {
    private static let chat = #"{"model":"m","messages":[],"input":"x"}"#

    @Test(
        "is told by route, host and body",
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
            // A body with messages and a model is taken for chat on any route of its own.
            ("POST", "https://cars.example", "/v1/models", "openai-chat"),
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
        #expect(WireProtocols.of(request, upstream: upstream)?.id == id)
        var named = upstream
        named.wireProtocol = "anthropic-messages"
        #expect(WireProtocols.of(request, upstream: named)?.id == "anthropic-messages")
    }

    @Test(
        "is told by headers where a tool may have such a route too",
        arguments: [
            ("anthropic-version", "anthropic-messages-resource"),
            ("x-goog-api-key", "gemini-resource"), ("x-stainless-lang", "openai-chat-resource"),
            ("x-other", nil),
        ] as [(String, String?)])
    func headers(_ name: String, _ id: String?) {
        let request = RecordedRequest(
            method: "GET", target: "/v1/models", headers: [HeaderField(name, "x")])
        #expect(WireProtocols.detect(request, host: "proxy.example")?.id == id)
    }

    @Test("is named by one identifier each")
    func identifiers() {
        let ids = WireProtocols.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(WireProtocols.named(id)?.id == id) }
        #expect(WireProtocols.named("openai") == nil)
    }
}
