import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Ollama")
struct OllamaTests {
    let chat = OllamaChat()
    let generate = OllamaGenerate()

    @Test(
        "is known by its routes and the model that they demand",
        arguments: [
            ("POST", "/api/chat", #"{"model":"m","messages":[]}"#, "ollama-chat"),
            ("post", "/mount/api/chat?x=1", #"{"model":"m"}"#, "ollama-chat"),
            ("POST", "/api/generate", #"{"model":"m","prompt":"p"}"#, "ollama-generate"),
            ("GET", "/api/chat", #"{"model":"m"}"#, nil),
            ("POST", "/api/chat", #"{"id":"1","messages":[]}"#, nil),
            ("POST", "/api/chat", #"{"model":7}"#, nil), ("POST", "/api/chat", "", nil),
            ("POST", "/api/chat/completions", #"{"model":"m"}"#, "openai-chat"),
            ("POST", "/api/generates", #"{"model":"m"}"#, nil),
        ] as [(String, String, String, String?)])
    func matches(_ method: String, _ target: String, _ body: String, _ id: String?) {
        let request = RecordedRequest(method: method, target: target, body: Array(body.utf8))
        #expect(chat.matches(request, host: "") == (id == chat.id))
        #expect(generate.matches(request, host: "") == (id == generate.id))
        #expect(WireProtocols.detect(request, host: "")?.id == id)
        #expect(id == nil || chat.model(of: request) == "m")
    }

    @Test(
        "streams unless it is told not to",
        arguments: [
            (#"{"model":"m"}"#, true), (#"{"model":"m","stream":null}"#, true),
            (#"{"stream":true}"#, true), (#"{"model":"m","stream":false}"#, false),
            ("no JSON", false),
        ])
    func streaming(_ body: String, _ expected: Bool) {
        for target in ["/api/chat", "/api/generate"] {
            let request = RecordedRequest(method: "POST", target: target, body: Array(body.utf8))
            #expect(chat.isStreaming(request) == expected)
        }
        let request = RecordedRequest(method: "POST", target: "/api/chat")
        let lines: HeaderFields = [HeaderField("Content-Type", "application/x-ndjson")]
        #expect(chat.framing(of: request, headers: lines) == .jsonLines)
    }

    @Test("gives each line its role")
    func roles() {
        let thinking = OllamaLines.events(WireSample.ollamaThinkingLines)
        #expect(
            thinking.map(chat.role) == [
                .other, .other, .toolStart(index: 0, id: "call_1", name: "refund"), .terminator,
            ])
        let mixed = OllamaLines.events([
            "", OllamaLines.chatEnd("stop", #""content":"a""#), #"{"error":"e","done":true}"#,
            #"{"message":{"tool_calls":[{"function":{"index":3}},{"id":"2"}]}}"#, "[1]", "no JSON",
        ])
        #expect(
            mixed.map(chat.role) == [
                .ping, .text("a"), .error, .toolStart(index: 3, id: "", name: ""), .other, .other,
            ])
        #expect(mixed.map(chat.finishes) == [false, true, false, false, false, false])
        let response = OllamaLines.events([OllamaLines.generate(#""response":"a""#)])
        #expect(response.map(generate.role) == [.text("a")])
        #expect(response.map(chat.role) == [.other])
    }

    @Test("reads nothing behind the last line or an error")
    func ends() {
        let text = OllamaLines.chat(#""content":"a""#)
        let end = OllamaLines.chatEnd("stop")
        let late = OllamaLines.events([text, end, text])
        #expect(
            chat.summary(of: late)
                == AnswerSummary(text: "a", finishReason: "stop", terminated: true))
        #expect(chat.finishedForLength(late, contentEvents: 2) == nil)
        #expect(chat.finishedForLength(late, contentEvents: 0)?.map(\.bytes).last == late[2].bytes)
        let broken = OllamaLines.events([text, #"{"error":"e"}"#, end])
        #expect(chat.summary(of: broken) == AnswerSummary(text: "a"))
        #expect(chat.emptied(broken) == nil)
        #expect(chat.finishedForLength(broken, contentEvents: 0) == nil)
    }

    @Test("drops what encodes the whole text when a part of it goes")
    func copies() throws {
        let events = OllamaLines.events([
            OllamaLines.generate(#""response":"a""#), OllamaLines.generate(#""response":"b""#),
            OllamaLines.generateEnd("stop"),
        ])
        let cut = try #require(generate.finishedForLength(events, contentEvents: 1))
        let end = OllamaLines.head + #""response":"","done":true,"done_reason":"length","#
        #expect(
            StreamEvent.bytes(of: cut)
                == events[0].bytes + OllamaLines.bytes([end + OllamaLines.counters(7) + "}"]))
        let whole = try #require(generate.finishedForLength(events, contentEvents: 2))
        #expect(whole.dropLast() == events.dropLast())
        let kept = OllamaLines.generateEnd("length")
        #expect(whole.last?.bytes == OllamaLines.bytes([kept]))
        let empty = try #require(generate.emptied(events))
        try #require(empty.count == 1)
        #expect(empty[0].json?["context"] == nil)
        #expect(empty[0].json?["eval_count"] == 1)
        #expect(empty[0].json?["prompt_eval_count"] == 12)
    }

    @Test("empties a stream to its last line, without thinking")
    func emptied() throws {
        var lines = WireSample.ollamaThinkingLines
        lines[3] = OllamaLines.chatEnd("length", #""content":"a","thinking":"t""#)
        let edited = try #require(chat.emptied(OllamaLines.events(lines)))
        let end = OllamaLines.chatEnd("stop", tokens: 1)
        #expect(StreamEvent.bytes(of: edited) == OllamaLines.bytes([end]))
    }

    @Test("keeps a last line without a line feed as it is")
    func lineFeed() throws {
        let text = OllamaLines.chat(#""content":"a""#)
        let bytes = Array((text + "\n" + OllamaLines.chatEnd("stop")).utf8)
        let events = StreamFraming.jsonLines.events(of: bytes)
        let edited = try #require(chat.finishedForLength(events, contentEvents: 1))
        let expected = text + "\n" + OllamaLines.chatEnd("length")
        #expect(StreamEvent.bytes(of: edited) == Array(expected.utf8))
    }

    @Test("leaves answers alone that only load a model", arguments: ["load", "unload"])
    func loading(_ reason: String) {
        let events = OllamaLines.events([OllamaLines.chatEnd(reason)])
        #expect(chat.summary(of: events).terminated)
        #expect(chat.finishedForLength(events, contentEvents: 0) == nil)
        #expect(chat.emptied(events) == nil)
    }

    private static let message =
        #""content":"Grüße 👋🏽","thinking":"t","tool_calls":[{"function":{"name":"f","#
        + #""arguments":{"a":1,"b":2.0}}}]"#

    @Test("edits whole chat answers")
    func answers() throws {
        let answer = try JSONValue.parse(text: OllamaLines.chatEnd("stop", Self.message))
        let call = ToolCall(id: "", name: "f", arguments: #"{"a":1,"b":2.0}"#)
        #expect(
            chat.summary(of: answer)
                == AnswerSummary(
                    text: "Grüße 👋🏽", toolCalls: [call], finishReason: "stop", terminated: true))
        for (count, text) in [(0, ""), (2, "Gr"), (7, "Grüße 👋"), (8, "Grüße 👋🏽")] {
            let expected = OllamaLines.chatEnd("length", #""content":"\#(text)","thinking":"t""#)
            let edited = chat.finishedForLength(answer, characters: count)
            #expect(edited?.encodedText() == expected)
        }
        #expect(chat.finishedForLength(answer, characters: 9) == nil)
        #expect(chat.finishedForLength(answer, characters: -1) == nil)
        let empty = try #require(chat.emptied(answer))
        let end = OllamaLines.chatEnd("stop", tokens: 1)
        #expect(empty.encodedText() == end)
        #expect(chat.emptied(empty) == nil)
        #expect(chat.finishedForLength(empty, characters: 0) == nil)
        let cut = try #require(chat.toolArgumentsTruncated(answer, members: 1))
        #expect(chat.summary(of: cut).toolCalls[0].arguments == #"{"a":1}"#)
        #expect(chat.summary(of: cut).text == "Grüße 👋🏽")
        #expect(chat.toolArgumentsTruncated(answer, members: 2) == nil)
        #expect(chat.toolArgumentsTruncated(empty, members: 0) == nil)
    }

    @Test("edits whole answers of generate")
    func generateAnswers() throws {
        let text = OllamaLines.generateEnd("stop", #""response":"été""#)
        let answer = try JSONValue.parse(text: text)
        #expect(generate.summary(of: answer).text == "été")
        let cut = try #require(generate.finishedForLength(answer, characters: 2))
        #expect(cut["response"] == "ét")
        #expect(cut["context"] == nil)
        #expect(cut["done_reason"] == "length")
        #expect(generate.finishedForLength(cut, characters: 2) == nil)
        let whole = try #require(generate.finishedForLength(answer, characters: 3))
        #expect(whole.encodedText() == OllamaLines.generateEnd("length", #""response":"été""#))
        #expect(generate.emptied(answer)?["response"] == "")
    }

    @Test(
        "reports errors in its own words, without a delay",
        arguments: [
            (.rateLimit, "too many concurrent requests"),
            (.server, "an error was encountered while running the model: unexpected EOF"),
            (.badGateway, #"Post \"https://ollama.com:443/api/chat\": EOF"#),
            (.unavailable, "server busy, please try again.  maximum pending requests exceeded"),
            (
                .overloaded,
                "Server overloaded, please retry shortly (ref: "
                    + "00000000-0000-0000-0000-000000000000)"
            ),
        ] as [(ProviderError, String)])
    func errors(_ error: ProviderError, _ message: String) {
        let answer = chat.errorAnswer(error, status: 503, model: "m", retryAfterMilliseconds: 5)
        #expect(answer.status == 503)
        #expect(
            answer.headers == [HeaderField("content-type", "application/json; charset=utf-8")])
        #expect(answer.body == Array(#"{"error":"\#(message)"}"#.utf8))
        let event = chat.errorEvent(error, framing: .jsonLines)
        #expect(event?.bytes == answer.body + [0x0A])
        #expect(chat.errorEvent(error, framing: .sse) == nil)
    }

    @Test("names its own route where a gateway fails")
    func gateway() {
        let answer = generate.errorAnswer(
            .badGateway, status: 502, model: "m", retryAfterMilliseconds: nil)
        let body = #"{"error":"Post \"https://ollama.com:443/api/generate\": EOF"}"#
        #expect(answer.body == Array(body.utf8))
        #expect(generate.keepAlive(framing: .jsonLines) == nil)
    }

    @Test(
        "reads whatever it is sent",
        arguments: [
            #"{"message":null,"done":"yes"}"#, #"{"message":[],"done":true,"done_reason":7}"#,
            #"{"message":{"content":1,"tool_calls":{}},"done":true}"#,
            #"{"message":{"tool_calls":[null]},"done":true,"done_reason":""}"#,
            #"{"message":{"tool_calls":[{"function":{"index":99999999999999999999}}]}}"#,
            #"{"message":{"tool_calls":[{"function":{"arguments":"{"}}]},"done":true}"#, "7", "{",
        ])
    func hostile(_ line: String) {
        let events = OllamaLines.events([line])
        #expect(chat.summary(of: events).finishReason == nil)
        for count in [Int.min, -1, 0, 1, Int.max] {
            #expect(chat.finishedForLength(events, contentEvents: count) == nil)
            #expect(chat.toolArgumentsTruncated(events, members: count) == nil)
        }
        #expect(chat.emptied(events) == nil)
    }

    @Test(
        "reads and edits a stream whatever its last line holds",
        arguments: [
            #"{"done":true,"done_reason":"stop"}"#,
            #"{"message":null,"done":true,"done_reason":"stop","context":7}"#,
            #"{"message":[],"done":true,"done_reason":"stop","eval_count":"x"}"#,
            #"{"message":{"content":1,"thinking":[]},"done":true,"done_reason":"stop"}"#,
            #"{"message":{"tool_calls":{}},"done":true,"done_reason":"stop"}"#,
            #"{"message":{"tool_calls":[null]},"done":true,"done_reason":"stop"}"#,
        ])
    func hostileEnd(_ line: String) throws {
        let events = OllamaLines.events([OllamaLines.chat(#""content":"a""#), line])
        let cut = try #require(chat.finishedForLength(events, contentEvents: 1))
        #expect(
            chat.summary(of: cut)
                == AnswerSummary(text: "a", finishReason: "length", terminated: true))
        let empty = try #require(chat.emptied(events))
        #expect(chat.summary(of: empty) == AnswerSummary(finishReason: "stop", terminated: true))
        #expect(chat.toolArgumentsTruncated(events, members: 0) == nil)
    }
}
