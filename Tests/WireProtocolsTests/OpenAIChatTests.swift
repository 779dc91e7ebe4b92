import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("OpenAI chat completions")
struct OpenAIChatTests {
    let wire = OpenAIChat()

    @Test(
        "are known by route, or by body where no other protocol claims it",
        arguments: [
            ("POST", "/v1/chat/completions", "{}", OpenAIChat.id),
            (
                "POST", "/openai/deployments/gpt/chat/completions?api-version=1", "{}",
                AzureOpenAI.id
            ),
            ("GET", "/v1/chat/completions", "{}", nil),
            ("POST", "/proxy", #"{"model":"m","messages":[]}"#, OpenAIChat.id),
            ("POST", "/proxy", #"{"model":"m","input":[]}"#, nil),
            ("POST", "/api/chat", #"{"model":"m","messages":[]}"#, OllamaChat.id),
            ("POST", "/v1/messages", #"{"model":"m","messages":[]}"#, AnthropicMessages.id),
            ("POST", "/v1/messages/count_tokens", #"{"model":"m","messages":[]}"#, nil),
            ("POST", "/proxy", "{", nil),
        ] as [(String, String, String, String?)])
    func matches(_ method: String, _ target: String, _ body: String, _ id: String?) {
        let request = RecordedRequest(method: method, target: target, body: Array(body.utf8))
        let isChat = id == OpenAIChat.id || id == AzureOpenAI.id
        #expect(wire.matches(request, host: "") == isChat)
        #expect(WireProtocols.detect(request, host: "")?.id == id)
    }

    @Test("read the model and whether a stream is asked for")
    func request() {
        let streaming = RecordedRequest(
            method: "POST", target: "/v1/chat/completions",
            body: Array(#"{"model":"gpt","stream":true}"#.utf8))
        #expect(wire.model(of: streaming) == "gpt")
        #expect(wire.isStreaming(streaming))
        let azure = RecordedRequest(
            method: "POST", target: "/openai/deployments/d1/chat/completions", body: [0x7B, 0x7D])
        #expect(wire.model(of: azure) == "d1")
        #expect(!wire.isStreaming(azure))
    }

    @Test(
        "give each event its role",
        arguments: [
            (#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, .start),
            (#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#, .text("a")),
            (
                #"{"choices":[{"delta":{"content":""},"finish_reason":"stop"}]}"#,
                .finish(reason: "stop")
            ),
            (#"{"choices":[{"delta":null,"finish_reason":null}]}"#, .other),
            (#"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#, .other),
            (
                #"{"choices":[{"delta":{"tool_calls":[{"id":"c","function":{"name":"f","#
                    + #""arguments":"{}"}}]}}]}"#,
                .toolStart(index: 0, id: "c", name: "f")
            ),
            (
                #"{"choices":[{"delta":{"tool_calls":[{"index":2,"#
                    + #""function":{"arguments":"{"}}]}}]}"#,
                .toolArguments(index: 2, fragment: "{")
            ),
            (#"{"choices":[],"usage":{"total_tokens":1}}"#, .usage),
            (#"{"choices":[],"prompt_filter_results":[]}"#, .other),
            (#"{"error":{"message":"x"}}"#, .error), ("[DONE]", .terminator), ("not json", .other),
            ("[1]", .other), ("", .other),
        ] as [(String, StreamEventRole)])
    func roles(_ data: String, _ expected: StreamEventRole) {
        #expect(wire.role(of: StreamEvent(data: data)) == expected)
    }

    @Test("take comments for keep-alives, and nothing from an event that is cut off")
    func keepAlive() {
        #expect(wire.role(of: StreamFraming.sse.events(of: Array(": ping\n\n".utf8))[0]) == .ping)
        #expect(
            wire.role(of: StreamFraming.sse.events(of: Array("data: [DONE]\n".utf8))[0]) == .other)
    }

    @Test("tell calls apart that share an index, and do not join repeated names")
    func joining() {
        let repeated = WireSample.opening(0, "a", "f")
        let frames = [repeated, repeated, WireSample.opening(0, "b", "g"), "data: [DONE]"]
        let summary = wire.summary(of: streamBytes(frames), framing: .sse)
        #expect(summary.toolCalls.map(\.id) == ["a", "b"])
        #expect(summary.toolCalls.map(\.name) == ["f", "g"])
    }

    @Test("drop all of the answer behind a cut, reasoning too, and keep the rest")
    func cutting() throws {
        let role = WireSample.chunk(#"{"role":"assistant","content":null}"#)
        let before = WireSample.chunk(#"{"reasoning_content":"Hm."}"#)
        let behind = WireSample.chunk(#"{"reasoning_content":"Then."}"#)
        let text = WireSample.chunk(#"{"content":"a"}"#)
        let end = [": note", "data: [DONE]"]
        let whole = [role, before, text, behind, text, WireSample.chunk("{}", finish: "stop")]
        let cut = WireSample.chunk("{}", finish: "length")
        let events = streamEvents(whole + end)
        let none = try #require(wire.finishedForLength(events, contentEvents: 0))
        #expect(StreamEvent.bytes(of: none) == streamBytes([role, before, cut] + end))
        let one = try #require(wire.finishedForLength(events, contentEvents: 1))
        #expect(StreamEvent.bytes(of: one) == streamBytes([role, before, text, cut] + end))
        let empty = try #require(wire.emptied(events))
        #expect(StreamEvent.bytes(of: empty) == streamBytes([role, whole[5]] + end))
    }

    @Test("keep the role of a first event whose content goes, and edit no second choice")
    func roleAndChoices() throws {
        let first = WireSample.chunk(#"{"role":"assistant","content":"a"}"#)
        let end = [WireSample.chunk("{}", finish: "stop"), "data: [DONE]"]
        let events = streamEvents([first, first] + end)
        let blank = WireSample.chunk(#"{"role":"assistant","content":""}"#)
        let edited = try #require(wire.emptied(events))
        #expect(StreamEvent.bytes(of: edited) == streamBytes([blank] + end))
        let second = #"data: {"choices":[{"index":1,"delta":{"content":"b"}}]}"#
        let several = streamEvents([first, second] + end)
        #expect(wire.emptied(several) == nil)
        #expect(wire.finishedForLength(several, contentEvents: 0) == nil)
    }

    @Test("send the provider's answer to too many requests")
    func rateLimit() {
        let answer = wire.errorAnswer(
            .rateLimit, status: 429, model: "gpt-4o", retryAfterMilliseconds: 1)
        #expect(answer.status == 429)
        #expect(answer.headers.first("retry-after-ms") == "1")
        #expect(answer.headers.first("retry-after") == "1")
        #expect(answer.headers.first("content-type") == "application/json")
        #expect(answer.headers.first("x-ratelimit-remaining-requests") == "0")
        #expect(answer.headers.first("x-request-id")?.hasPrefix("req_") == true)
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == #"{"error":{"message":"Rate limit reached for gpt-4o in organization "#
                + "org-000000000000000000000000 on requests per min (RPM): Limit 60, Used 60, "
                + #"Requested 1. Please try again in 1s.","type":"requests","param":null,"#
                + #""code":"rate_limit_exceeded"}}"#)
    }

    @Test("send a delay only where one is given", arguments: ProviderError.allCases)
    func delays(_ error: ProviderError) {
        let without = wire.errorAnswer(error, status: 503, model: "m", retryAfterMilliseconds: nil)
        #expect(!without.headers.contains("retry-after"))
        let with = wire.errorAnswer(error, status: 503, model: "m", retryAfterMilliseconds: 1001)
        #expect(with.headers.first("retry-after") == "2")
        #expect(throws: Never.self) { try JSONValue.parse(with.body) }
    }

    @Test("send the provider's words for other errors")
    func otherErrors() {
        let body = { (error: ProviderError) in
            String(
                decoding: wire.errorAnswer(
                    error, status: 503, model: "m", retryAfterMilliseconds: nil
                ).body, as: UTF8.self)
        }
        let overloaded =
            #"{"error":{"message":"Our servers are currently overloaded. Please try again later.","#
            + #""type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}"#
        #expect(body(.unavailable) == overloaded)
        #expect(body(.overloaded) == overloaded)
        let server =
            #"{"error":{"message":"The server had an error processing your request. Sorry about "#
            + "that! You can retry your request, or contact us through our help center at "
            + #"help.openai.com if you keep seeing this error.","type":"server_error","#
            + #""param":null,"#
            + #""code":null}}"#
        #expect(body(.server) == server)
        #expect(wire.errorEvent(.server, framing: .sse)?.bytes == Array("data: \(server)\n\n".utf8))
    }
}
