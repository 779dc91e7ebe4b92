import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("OpenAI responses")
struct OpenAIResponsesTests {
    let wire = OpenAIResponses()

    @Test(
        "are known by their route, with the body where the version is missing",
        arguments: [
            ("POST", "/v1/responses", "{}", true),
            ("POST", "/openai/v1/responses", #"{"model":"m","input":"a"}"#, true),
            (
                "POST", "/openai/responses?api-version=2025-04-01-preview",
                #"{"model":"m","input":[]}"#, true
            ),
            ("POST", "/codex/responses", #"{"model":"m","instructions":"a"}"#, true),
            ("POST", "/surveys/1/responses", #"{"answer":"yes"}"#, false),
            ("POST", "/surveys/1/responses", #"{"model":"m","input":null}"#, false),
            ("POST", "/surveys/1/responses", "{", false),
            ("GET", "/v1/responses", "{}", false),
            ("GET", "/v1/responses/resp_1", "{}", false),
            ("POST", "/v1/responses/resp_1/cancel", "{}", false),
            ("POST", "/v1/chat/completions", #"{"model":"m","messages":[]}"#, false),
            ("POST", "/v1/embeddings", #"{"model":"m","input":"a"}"#, false),
        ])
    func matches(_ method: String, _ target: String, _ body: String, _ expected: Bool) {
        let request = RecordedRequest(method: method, target: target, body: Array(body.utf8))
        #expect(wire.matches(request, host: "") == expected)
        #expect(
            (WireProtocols.detect(request, host: "")?.id == OpenAIResponses.id) == expected)
    }

    @Test("read the model and whether a stream is asked for")
    func request() {
        let streaming = RecordedRequest(
            method: "POST", target: "/v1/responses",
            body: Array(#"{"model":"gpt-5","input":"a","stream":true}"#.utf8))
        #expect(wire.model(of: streaming) == "gpt-5")
        #expect(wire.isStreaming(streaming))
        let plain = RecordedRequest(method: "POST", target: "/v1/responses", body: [0x7B, 0x7D])
        #expect(wire.model(of: plain) == nil)
        #expect(!wire.isStreaming(plain))
    }

    @Test("give each event its role")
    func roles() {
        let events = streamEvents(WireSample.reasoningFrames)
        let message: [StreamEventRole] = [
            .other, .other, .text("Done."), .other, .other, .other,
        ]
        let call: [StreamEventRole] = [
            .toolStart(index: 2, id: "call_2", name: "get"),
            .toolArguments(index: 2, fragment: #"{"a":1,"b":[2,3]}"#), .other, .other,
        ]
        let reasoning = Array(repeating: StreamEventRole.other, count: 4)
        #expect(
            events.map(wire.role) == [.start] + reasoning + message + call + [.terminator])
    }

    @Test(
        "give single events their role",
        arguments: [
            (#"{"type":"response.incomplete","response":{}}"#, .terminator),
            (#"{"type":"response.failed","response":{"error":{"code":"server_error"}}}"#, .error),
            (#"{"type":"error","code":"server_error","message":"m","param":null}"#, .error),
            (#"{"type":"error","error":{"code":"server_error"}}"#, .error),
            (#"{"error":{"message":"m"}}"#, .error),
            (#"{"type":"keepalive","sequence_number":3}"#, .ping),
            (#"{"type":"response.in_progress","response":{"error":null}}"#, .other),
            (#"{"type":"response.output_text.delta","delta":""}"#, .other),
            (#"{"type":"response.refusal.delta","delta":"No"}"#, .other),
            (#"{"type":"response.reasoning_text.delta","delta":"Hm"}"#, .other),
            (#"{"type":"response.mcp_call_arguments.delta","delta":"{"}"#, .other),
            (#"{"type":"response.function_call_arguments.delta","delta":""}"#, .other),
            (
                #"{"type":"response.output_item.added","item":{"type":"web_search_call"}}"#, .other
            ),
            (
                #"{"type":"response.output_item.added","output_index":4,"#
                    + #""item":{"type":"custom_tool_call","call_id":"c","name":"n"}}"#,
                .toolStart(index: 4, id: "c", name: "n")
            ),
            (#"{"type":"response.new"}"#, .other), ("[DONE]", .other), ("[1]", .other),
        ] as [(String, StreamEventRole)])
    func role(_ data: String, _ expected: StreamEventRole) {
        #expect(wire.role(of: StreamEvent(data: data)) == expected)
    }

    @Test("are read where a server sends no pieces, and once where it repeats them")
    func reading() {
        let events = [
            #"{"type":"response.output_text.done","output_index":0,"text":"a"}"#,
            #"{"type":"response.output_item.done","output_index":0,"item":{"type":"message","#
                + #""content":[{"type":"output_text","text":"a"}]}}"#,
            #"{"type":"response.output_item.done","output_index":1,"item":{"type":"message","#
                + #""content":[{"type":"refusal","refusal":"no"},{"type":"output_text","text":"b"}]}}"#,
            #"{"type":"response.output_item.done","output_index":2,"item":{"#
                + #""type":"function_call","call_id":"c","name":"f","arguments":"{}"}}"#,
            #"{"type":"response.incomplete","response":{"output":[]}}"#,
        ].map { StreamEvent(data: $0) }
        #expect(
            wire.summary(of: events)
                == AnswerSummary(
                    text: "ab", toolCalls: [ToolCall(id: "c", name: "f", arguments: "{}")],
                    finishReason: "incomplete", terminated: true))
    }

    @Test(
        "end at an error",
        arguments: [
            #"{"type":"error","error":{"code":"server_error"}}"#,
            #"{"type":"response.failed","response":{"status":"failed"}}"#,
        ])
    func errorsEnd(_ data: String) {
        let events = streamEvents(WireSample.reasoningFrames)
        let broken = events[..<8] + [StreamEvent(data: data)] + events[8...]
        #expect(wire.summary(of: Array(broken)) == AnswerSummary(text: "Done."))
        #expect(wire.emptied(Array(broken)) == nil)
    }

    /// What the provider says of it in other words than of chat completions.
    static let own: Set<ProviderError> = [
        .invalidRequest, .contextLength, .unsupportedParameter, .historyInvalid, .signatureInvalid,
        .previousResponseNotFound,
    ]

    @Test("send the answer of chat completions to most errors", arguments: ProviderError.allCases)
    func errorAnswers(_ error: ProviderError) {
        let answer = wire.errorAnswer(error, status: 503, model: "m", retryAfterMilliseconds: 1500)
        let chat = OpenAIChat().errorAnswer(
            error, status: 503, model: "m", retryAfterMilliseconds: 1500)
        #expect(answer.headers.first("retry-after-ms") == "1500")
        #expect(answer.headers.first("retry-after") == "2")
        #expect(answer.status == 503)
        #expect((answer == chat) == !Self.own.contains(error))
    }

    @Test(
        "report errors in the provider's words",
        arguments: [
            (.server, failed), (.badGateway, failed), (.unavailable, overloaded),
            (.overloaded, overloaded),
            (
                .rateLimit,
                #""type":"requests","code":"rate_limit_exceeded","message":"Rate limit reached on "#
                    + "requests per min (RPM): Limit 60, Used 60, Requested 1. Please try again in "
                    + #"1s.","param":null"#
            ),
            (
                .contextLength,
                #""type":"invalid_request_error","code":"context_length_exceeded","message":"Your "#
                    + "input exceeds the context window of this model. Please adjust your input "
                    + #"and try again.","param":"input""#
            ),
            (
                .signatureInvalid,
                #""type":"invalid_request_error","code":"invalid_encrypted_content","message":"#
                    + #""The encrypted content gAAA...AA== could not be verified. Reason: "#
                    + #"Encrypted content could not be decrypted or parsed.","param":null"#
            ),
        ] as [(ProviderError, String)])
    func errorEvents(_ error: ProviderError, _ words: String) {
        let expected =
            "event: error\n" + #"data: {"type":"error","sequence_number":2,"error":{\#(words)}}"#
            + "\n\n"
        #expect(wire.errorEvent(error, framing: .sse)?.bytes == Array(expected.utf8))
        #expect(wire.errorEvent(error, framing: .jsonLines) == nil)
    }

    private static let failed =
        #""type":"server_error","code":"server_error","message":"An error occurred while "#
        + "processing your request. You can retry your request, or contact us through our help "
        + "center at help.openai.com if the error persists. Please include the request ID "
        + #"00000000-0000-0000-0000-000000000000 in your message.","param":null"#
    private static let overloaded =
        #""type":"service_unavailable_error","code":"server_is_overloaded","message":"Our servers "#
        + #"are currently overloaded. Please try again later.","param":null"#

    @Test(
        "survive what no provider sends",
        arguments: [
            #"{"type":"response.output_item.added","output_index":-9,"item":null}"#,
            #"{"type":"response.output_item.added","output_index":0,"item":[]}"#,
            #"{"type":"response.output_item.done","item":{"type":"message","content":{}}}"#,
            #"{"type":"response.output_text.delta","delta":{},"output_index":1e9}"#,
            #"{"type":"response.output_text.delta","content_index":-1,"delta":"x"}"#,
            #"{"type":"response.output_text.done","text":null}"#,
            #"{"type":"response.function_call_arguments.delta","output_index":7,"delta":"{"}"#,
            #"{"type":"response.content_part.done","output_index":0}"#,
            #"{"type":"keepalive","sequence_number":-9223372036854775808}"#,
            #"{"type":null,"sequence_number":"x"}"#,
        ])
    func hostile(_ data: String) throws {
        let events = streamEvents(WireSample.reasoningFrames)
        var cuts = 0
        for place in events.indices {
            let odd = Array(events[..<place] + [StreamEvent(data: data)] + events[place...])
            let content = odd.count { wire.role(of: $0).isContent }
            #expect(wire.summary(of: odd).finishReason == "completed")
            for count in 0...content {
                // Refused or finished; which of them depends on the place.
                guard let cut = wire.finishedForLength(odd, contentEvents: count) else { continue }
                #expect(wire.summary(of: cut).finishReason == "max_output_tokens")
                cuts += 1
            }
            _ = wire.emptied(odd)
            _ = wire.toolArgumentsTruncated(odd, members: 1)
        }
        #expect(cuts > events.count)
    }
}
