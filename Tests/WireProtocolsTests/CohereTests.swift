import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Cohere chat")
struct CohereTests {
    let wire = CohereChat()

    @Test(
        "is known by its route, and by its host where a mount hides the version",
        arguments: [
            ("POST", "/v2/chat", "", "cohere-chat"),
            ("POST", "/mount/v2/chat?x=1", "proxy.example", "cohere-chat"),
            ("POST", "/chat", "api.cohere.com", "cohere-chat"),
            ("POST", "/chat", "notcohere.com", "openai-chat"),
            ("POST", "/v1/chat", "api.cohere.com", "openai-chat"),
            ("GET", "/v2/chat", "api.cohere.com", nil), ("POST", "/api/chat", "", "ollama-chat"),
        ] as [(String, String, String, String?)])
    func matches(_ method: String, _ target: String, _ host: String, _ id: String?) {
        let body = Array(#"{"model":"command","stream":true,"messages":[]}"#.utf8)
        let request = RecordedRequest(method: method, target: target, body: body)
        #expect(wire.matches(request, host: host) == (id == CohereChat.id))
        #expect(WireProtocols.detect(request, host: host)?.id == id)
        #expect(wire.model(of: request) == "command")
        #expect(wire.isStreaming(request))
    }

    @Test(
        "leaves other bodies on its route alone, and streams only when asked",
        arguments: ["", "[]", #"{"messages":[]}"#, #"{"model":"m","message":"Hi"}"#])
    func foreignBody(_ body: String) {
        let request = RecordedRequest(
            method: "POST", target: "/v2/chat", body: Array(body.utf8))
        #expect(!wire.matches(request, host: "api.cohere.com"))
        #expect(!wire.isStreaming(request))
    }

    @Test("gives each event its role")
    func roles() {
        let frames =
            [": a", CohereFrames.plan("p")] + WireSample.cohereCitedFrames[..<9]
            + [
                CohereFrames.call(2, "c", "n"), CohereFrames.piece(2, "{}"),
                CohereFrames.piece(2, ""), CohereFrames.messageEnd("TIMEOUT"),
                CohereFrames.messageEnd("ERROR"), #"data: {"type":"message-end"}"#,
                #"data: {"type":"new"}"#, "data: 7", CohereFrames.done,
            ]
        let events = streamEvents(frames)
        #expect(
            events.map(wire.role) == [
                .ping, .other, .start, .other, .other, .other, .other, .text("1993"), .other,
                .other, .text(" it"), .toolStart(index: 2, id: "c", name: "n"),
                .toolArguments(index: 2, fragment: "{}"), .other, .finish(reason: "TIMEOUT"),
                .error, .terminator, .other, .other, .terminator,
            ])
    }

    @Test("reads nothing behind its end or an error")
    func ends() throws {
        let text = CohereFrames.text(0, "a")
        let late = streamEvents([
            CohereFrames.start, text, CohereFrames.messageEnd("COMPLETE"), text,
        ])
        #expect(
            wire.summary(of: late)
                == AnswerSummary(text: "a", finishReason: "COMPLETE", terminated: true))
        #expect(wire.finishedForLength(late, contentEvents: 2) == nil)
        #expect(wire.emptied(late)?.last == late.last)
        let broken = streamEvents([text, CohereFrames.messageEnd("ERROR"), text])
        #expect(wire.summary(of: broken) == AnswerSummary(text: "a", finishReason: "ERROR"))
        #expect(wire.finishedForLength(broken, contentEvents: 0) == nil)
        #expect(wire.emptied(broken) == nil)
        let done = streamEvents([text, CohereFrames.done, text])
        #expect(wire.summary(of: done) == AnswerSummary(text: "a", terminated: true))
        #expect(wire.emptied(done) == nil)
    }

    @Test("takes a call for one without arguments only when it is closed")
    func noArguments() {
        let call = CohereFrames.call(0, "c", "n")
        let open = streamEvents([CohereFrames.start, call])
        let closed = streamEvents([call, CohereFrames.end("tool-call-end", 0)])
        #expect(wire.summary(of: open).toolCalls.map(\.arguments) == [""])
        #expect(wire.summary(of: closed).toolCalls.map(\.arguments) == ["{}"])
    }

    @Test("closes every block that an edit leaves open", arguments: WireSample.cohere)
    func closedBlocks(_ sample: WireSample) throws {
        let events = sample.events
        let types = { (events: [StreamEvent], end: String) in
            events.compactMap { $0.json?["type"]?.stringValue }.filter {
                $0.hasSuffix(end) && !$0.hasPrefix("message-")
            }.map { $0.dropLast(end.count) }.sorted()
        }
        for count in 0...sample.contentEvents {
            guard let edited = wire.finishedForLength(events, contentEvents: count) else {
                #expect(sample.expected.finishReason == sample.words.length)
                continue
            }
            #expect(types(edited, "-start") == types(edited, "-end"), "\(count) kept")
        }
    }

    @Test("drops citations and thinking behind a cut, keeps those before it")
    func citations() throws {
        let events = streamEvents(WireSample.cohereCitedFrames)
        let end = CohereFrames.messageEnd(
            "MAX_TOKENS", tokens: #""output_tokens":30,"reasoning_tokens":9"#)
        let tail = streamEvents([
            CohereFrames.end("content-end", 1), end, CohereFrames.done,
        ])
        #expect(
            wire.finishedForLength(events, contentEvents: 0)
                == Array(events[...3]) + tail.dropFirst())
        #expect(wire.finishedForLength(events, contentEvents: 1) == Array(events[...5]) + tail)
        #expect(wire.finishedForLength(events, contentEvents: 2) == Array(events[...8]) + tail)
        #expect(
            wire.finishedForLength(events, contentEvents: 3)
                == Array(events[...12]) + tail.dropFirst())
    }

    @Test("empties a stream to its start, its end and the terminator")
    func emptied() throws {
        let end = CohereFrames.messageEnd("COMPLETE", billed: 0, tokens: #""output_tokens":3"#)
        let expected = streamBytes([CohereFrames.start, end, CohereFrames.done])
        for frames in [WireSample.cohereCitedFrames, WireSample.cohereParallelFrames] {
            let edited = try #require(wire.emptied(streamEvents(frames)))
            #expect(StreamEvent.bytes(of: edited) == expected)
        }
    }

    @Test("truncates arguments that begin where the call does")
    func earlyArguments() throws {
        let start = CohereFrames.frame(
            "tool-call-start",
            #"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"c","#
                + #""function":{"name":"n","arguments":"{\"a\":1"}}}}}"#)
        let events = streamEvents([
            start, CohereFrames.piece(0, #",\"b\":2}"#), CohereFrames.messageEnd("TOOL_CALL"),
        ])
        let one = try #require(wire.toolArgumentsTruncated(events, members: 1))
        #expect(one == [events[0], events[2]])
        let none = try #require(wire.toolArgumentsTruncated(events, members: 0))
        #expect(none.count == 2)
        #expect(wire.summary(of: none).toolCalls.map(\.arguments) == ["{"])
    }

    @Test(
        "reports errors in its own words",
        arguments: [
            (
                .rateLimit,
                "You are past the per minute request limit, please wait and try again later."
            ),
            (.server, "internal server error, this has been reported to our developers"),
            (.badGateway, "bad gateway"), (.unavailable, "service unavailable"),
            (.overloaded, "Please wait and try again later"),
        ] as [(ProviderError, String)])
    func errors(_ error: ProviderError, _ message: String) {
        let answer = wire.errorAnswer(error, status: 500, model: "m", retryAfterMilliseconds: 1500)
        let reset = [HeaderField("x-ratelimit-reset", "1767225600")]
        let headers = [
            HeaderField("content-type", "application/json"), HeaderField("retry-after-ms", "1500"),
            HeaderField("retry-after", "2"),
        ]
        #expect(answer.status == 500)
        #expect(answer.headers.fields == headers + (error == .rateLimit ? reset : []))
        let body = #"{"id":"00000000-0000-0000-0000-000000000000","message":"\#(message)"}"#
        #expect(answer.body == Array(body.utf8))
        let plain = wire.errorAnswer(error, status: 500, model: "m", retryAfterMilliseconds: nil)
        #expect(!plain.headers.contains("retry-after"))
        let data =
            #"{"type":"message-end","delta":{"error":"\#(message)","finish_reason":"ERROR"}}"#
        let event = wire.errorEvent(error, framing: .sse)
        #expect(event?.bytes == streamBytes([CohereFrames.frame("message-end", data)]))
        #expect(wire.errorEvent(error, framing: .jsonLines) == nil)
    }

    @Test(
        "reads whatever it is sent",
        arguments: [
            #"{"type":"content-delta","index":99999999999999999999,"delta":7}"#,
            #"{"type":"content-delta","delta":{"message":{"content":[{"text":"a"}]}}}"#,
            #"{"type":"tool-call-delta","index":-1,"delta":{"message":{"tool_calls":[]}}}"#,
            #"{"type":"tool-call-end","index":null}"#, #"{"type":"message-end","delta":[]}"#,
            #"{"type":7,"delta":null}"#, "[]", "{",
        ])
    func hostile(_ data: String) {
        let events = [StreamEvent(data: data), StreamEvent(data: "[DONE]")]
        #expect(wire.summary(of: events) == AnswerSummary(terminated: true))
        let whole = streamEvents([
            CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "a"),
            CohereFrames.end("content-end", 0), CohereFrames.messageEnd("COMPLETE"),
        ])
        for place in 1..<whole.count - 1 {
            let odd = whole[..<place] + [StreamEvent(data: data)] + whole[place...]
            let ends = data.contains("message-end")
            let cut = wire.finishedForLength(Array(odd), contentEvents: 1)
            #expect((cut == nil) == ends)
            #expect(cut.map { wire.summary(of: $0).finishReason } ?? "MAX_TOKENS" == "MAX_TOKENS")
            let empty = wire.emptied(Array(odd))
            #expect((empty == nil) == ends)
            #expect(empty.map { wire.summary(of: $0).text } ?? "" == "")
            #expect(wire.toolArgumentsTruncated(Array(odd), members: 0) == nil)
        }
    }

    @Test(
        "says what recorded streams say, and no edit breaks them",
        .needsCorpus,
        arguments: [
            ("cohere-text", "COMPLETE", 0, 0), ("cohere-reasoning", "COMPLETE", 0, 0),
            ("cohere-tool-call", "TOOL_CALL", 2, 1),
            ("cohere-empty-tool-call", "TOOL_CALL", 1, 0),
        ])
    func recorded(_ name: String, _ reason: String, _ calls: Int, _ members: Int) throws {
        let events = try Corpus.events("cohere/\(name)")
        let summary = wire.summary(of: events)
        #expect(summary.finishReason == reason)
        #expect(summary.terminated)
        #expect(summary.toolCalls.count == calls)
        #expect(summary.text.isEmpty == (calls > 0))
        for call in summary.toolCalls { _ = try JSONValue.parse(text: call.arguments) }
        let content = events.count { wire.role(of: $0).isContent }
        for count in 0...content {
            let cut = try #require(wire.finishedForLength(events, contentEvents: count))
            #expect(cut.count { wire.role(of: $0).isContent } == count)
            #expect(wire.summary(of: cut).finishReason == "MAX_TOKENS")
        }
        #expect(wire.emptied(events)?.count == 2)
        #expect((wire.toolArgumentsTruncated(events, members: 0) != nil) == (members > 0))
        #expect(wire.toolArgumentsTruncated(events, members: members) == nil)
    }
}
