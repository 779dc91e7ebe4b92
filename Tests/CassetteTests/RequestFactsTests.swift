import Cassette
import Testing

@Suite("What selectors ask of a request")
struct RequestFactsTests {
    @Test(
        "is in the body, or in the route",
        arguments: [
            ("/chat/completions", #"{"model":"m","stream":true}"#, "m", true),
            ("/chat/completions", #"{"model":"m"}"#, "m", false),
            ("/v1beta/models/gemini-2.5-flash:generateContent", "{}", "gemini-2.5-flash", false),
            ("/models/a:b:streamGenerateContent?alt=sse", "{}", "a:b", true),
            ("/v1beta/models/gemini-2.5-flash", "", nil, false),
            ("/model/anthropic.claude-v2%3A1/converse", "{}", "anthropic.claude-v2:1", false),
            ("/model/m/converse-stream", "{}", "m", true),
            ("/model/m%/invoke-with-response-stream", "{}", "m%", true),
            ("/model/%FF/converse", "{}", "%FF", false),
            ("/openai/deployments/d/chat/completions", #"{"messages":[]}"#, "d", false),
            ("/api/chat", #"{"model":"m"}"#, "m", true),
            ("/api/chat", #"{"model":"m","stream":false}"#, "m", false),
            ("/api/chat", #"{"text":"hi"}"#, nil, false), ("/model/x", "", nil, false),
            ("/orders/5", "not json", nil, false),
        ] as [(String, String, String?, Bool)])
    func facts(_ target: String, _ body: String, _ model: String?, _ stream: Bool) {
        let request = RecordedRequest(method: "POST", target: target, body: Array(body.utf8))
        let interaction = Interaction(
            ordinal: 1, upstream: "u", request: request, response: nil)
        let row = TapeIndexer.entry(of: interaction, rules: IdentityRules())
        #expect(row.model == model)
        #expect(row.stream == stream)
    }
}
