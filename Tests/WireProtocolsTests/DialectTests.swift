import Cassette
import Determinism
import Testing
import WireProtocols

extension WireSample {
    /// Some streams of chat completions, as the providers that share the protocol.
    static let dialects: [WireSample] = openAI.flatMap { sample in
        let isShort = openAI.prefix(2).contains { $0.name == sample.name }
        let wires: [(any WireProtocol, Bool)] = [
            (AzureOpenAI(), isShort || sample.name == "Azure"), (Mistral(), isShort),
            (OpenRouter(), isShort || sample.name.contains("comments")),
        ]
        return wires.filter(\.1).map { wire, _ in
            WireSample(
                name: sample.name, wire: wire, stream: sample.stream, expected: sample.expected,
                contentEvents: sample.contentEvents, members: sample.members, words: sample.words)
        }
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
