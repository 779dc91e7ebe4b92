import Cassette
import Testing
import WireProtocols

@Suite("Gemini")
struct GeminiTests {
    let wire = Gemini()

    private func request(_ target: String, method: String = "POST") -> RecordedRequest {
        RecordedRequest(method: method, target: target, body: Array(#"{"contents":[]}"#.utf8))
    }

    @Test(
        "is known by its route, which names the model and the method",
        arguments: [
            ("/v1beta/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash", false),
            ("/v1/models/gemini-3:streamGenerateContent?alt=sse&key=k", "gemini-3", true),
            (
                "/v1beta1/projects/p/locations/l/publishers/google/models/g-3:streamGenerateContent",
                "g-3", true
            ),
            ("/v1/tunedModels/mine:generateContent", "mine", false),
            ("/v1/projects/p/locations/l/endpoints/12:generateContent", "12", false),
        ])
    func matches(_ target: String, _ model: String, _ isStreaming: Bool) {
        let request = request(target)
        #expect(wire.matches(request, host: ""))
        #expect(WireProtocols.detect(request, host: "")?.id == Gemini.id)
        #expect(wire.model(of: request) == model)
        #expect(wire.isStreaming(request) == isStreaming)
        #expect(!wire.matches(self.request(target, method: "GET"), host: ""))
    }

    @Test(
        "is no other route",
        arguments: [
            "/v1beta/models/g:countTokens", "/v1beta/models/g:embedContent",
            "/v1beta/models/g:batchGenerateContent", "/v1beta/models/:generateContent",
            "/v1internal:generateContent", "/v1beta/models/g/generateContent", "/", "",
            "/v1/projects/p/locations/l/publishers/anthropic/models/c:streamRawPredict",
            "/v1beta/openai/chat/completions", "/v1beta/models?x=models/g:generateContent",
        ])
    func foreign(_ target: String) {
        #expect(!wire.matches(request(target), host: "generativelanguage.googleapis.com"))
        #expect(!wire.isStreaming(request(target)))
    }

    @Test(
        "streams an array unless server-sent events are asked for or announced",
        arguments: [
            ("g:streamGenerateContent", "application/json; charset=UTF-8", .jsonArray),
            ("g:streamGenerateContent?alt=json", "Application/JSON", .jsonArray),
            ("g:streamGenerateContent?key=k&alt=sse", "application/json", nil),
            ("g:streamGenerateContent?$alt=SSE", "application/json", nil),
            ("g:streamGenerateContent?alt=sse", "text/event-stream", .sse),
            ("g:streamGenerateContent", "text/event-stream", .sse),
            ("g:streamGenerateContent", "text/html", nil),
            ("g:streamGenerateContent", nil, nil), ("g:generateContent", "application/json", nil),
        ] as [(String, String?, StreamFraming?)])
    func framing(_ route: String, _ type: String?, _ expected: StreamFraming?) {
        let headers = HeaderFields(type.map { [HeaderField("Content-Type", $0)] } ?? [])
        #expect(wire.framing(of: request("/v1/models/" + route), headers: headers) == expected)
    }

    @Test("gives each event its role", arguments: [StreamFraming.sse, .jsonArray])
    func roles(_ framing: StreamFraming) {
        let thoughts = GeminiSample.events(GeminiSample.thoughtChunks, framing).prefix(5)
        #expect(
            thoughts.map(wire.role) == [
                .other, .other, .text("It is"), .text(" three."), .finish(reason: "STOP"),
            ])
        #expect(thoughts.map(wire.finishes) == [false, false, false, false, true])
        let streamed = GeminiSample.events(GeminiSample.streamedChunks, framing)
        #expect(wire.role(of: streamed[0]) == .toolStart(index: 0, id: "", name: "order"))
        let fragment = #"[{"jsonPath":"$.city","stringValue":"Kö","willContinue":true}]"#
        #expect(wire.role(of: streamed[1]) == .toolArguments(index: 0, fragment: fragment))
        #expect(wire.role(of: streamed[5]) == .other)
        let ends = GeminiSample.events([GeminiSample.blocked, GeminiSample.malformedCall], framing)
        #expect(wire.role(of: ends[0]) == .finish(reason: "PROHIBITED_CONTENT"))
        #expect(wire.finishes(ends[0]))
        #expect(wire.role(of: ends[1]) == .finish(reason: "MALFORMED_FUNCTION_CALL"))
    }

    @Test(
        "names the first thing that an event says",
        arguments: [
            (
                GeminiSample.chunk(
                    [GeminiSample.text("a"), GeminiSample.call("f", "{}")], "STOP"),
                StreamEventRole.text("a"), true
            ),
            (
                GeminiSample.chunk([GeminiSample.call("f", "{}", id: "c")], "STOP"),
                .toolStart(index: 0, id: "c", name: "f"), true
            ),
            (#"{"error":{"code":503},"candidates":[{"finishReason":"STOP"}]}"#, .error, false),
            (#"{"usageMetadata":{"totalTokenCount":1}}"#, .usage, false),
            (#"{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}"#, .other, false),
            (#"{"candidates":[{"content":{"parts":[{"text":"b"}]},"index":1}]}"#, .other, false),
            (#"{"candidates":[{"content":{"parts":[{"inlineData":{}}]}}]}"#, .other, false),
        ])
    func roleOrder(_ chunk: String, _ role: StreamEventRole, _ finishes: Bool) {
        let event = StreamEvent(data: chunk)
        #expect(wire.role(of: event) == role)
        #expect(wire.finishes(event) == finishes)
    }

    @Test("has no end when an error follows its finish")
    func errorBehindFinish() throws {
        let finish = GeminiSample.chunk([GeminiSample.text("a")], "STOP")
        let whole = GeminiSample.events([finish])
        #expect(wire.summary(of: whole).terminated)
        let broken = whole + [try #require(wire.errorEvent(.overloaded, framing: .sse))]
        #expect(
            wire.summary(of: broken)
                == AnswerSummary(text: "a", finishReason: "STOP", terminated: false))
        #expect(wire.finishedForLength(broken, contentEvents: 0) == nil)
        #expect(wire.emptied(broken) == nil)
    }

    @Test("is not edited when it has several candidates, and the first of them is read")
    func candidates() {
        let chunk =
            #"{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP","index":1},"#
            + #"{"content":{"parts":[{"text":"a"}]},"finishReason":"MAX_TOKENS","index":0}]}"#
        let events = GeminiSample.events([chunk])
        #expect(
            wire.summary(of: events)
                == AnswerSummary(text: "a", finishReason: "MAX_TOKENS", terminated: true))
        #expect(wire.finishedForLength(events, contentEvents: 0) == nil)
        #expect(wire.emptied(events) == nil)
        let call = #"{"functionCall":{"name":"f","args":{"a":1}}}"#
        let calls = chunk.replacing(#"{"text":"a"}"#, with: call)
        #expect(wire.toolArgumentsTruncated(GeminiSample.events([calls]), members: 0) == nil)
        #expect(wire.summary(of: GeminiSample.events([calls])).toolCalls.count == 1)
    }
}
