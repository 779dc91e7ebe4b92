import Determinism
import Testing
import WireProtocols

@Suite("Gemini, read leniently")
struct GeminiLenienceTests {
    let wire = Gemini()

    @Test(
        "takes nothing from what is of no known form",
        arguments: [
            "[1]", "null", #""text""#, "{}", #"{"candidates":null}"#, #"{"candidates":[null,1]}"#,
            #"{"candidates":{"content":{"parts":[{"text":"a"}]}}}"#,
            #"{"candidates":[{"content":[],"finishReason":7,"index":0}]}"#,
            #"{"candidates":[{"content":{"parts":{"text":"a"}}}]}"#,
            #"{"candidates":[{"content":{"parts":[null,7,{"text":1},{"functionCall":[]}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"willContinue":true}}]}}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":7}]}"#,
            #"{"promptFeedback":{"blockReason":"BLOCKED_REASON_UNSPECIFIED"}}"#,
            #"{"error":null}"#,
        ])
    func unknown(_ chunk: String) throws {
        let events = [StreamEvent(data: chunk)]
        #expect(wire.role(of: events[0]) == .other)
        #expect(wire.summary(of: events) == AnswerSummary())
        #expect(wire.finishedForLength(events, contentEvents: 0) == nil)
        #expect(wire.emptied(events) == nil)
        #expect(wire.toolArgumentsTruncated(events, members: 0) == nil)
        let answer = try JSONValue.parse(text: chunk)
        #expect(wire.summary(of: answer) == AnswerSummary(terminated: true))
        #expect(wire.finishedForLength(answer, characters: 0) == nil)
        #expect(wire.emptied(answer) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: 0) == nil)
        try editsOfWholeStream(with: events[0])
    }

    /// The same in a stream that is whole, which the edits do not refuse from the start.
    private func editsOfWholeStream(with odd: StreamEvent) throws {
        let events =
            [StreamEvent(data: GeminiSample.chunk([GeminiSample.text("a")])), odd]
            + [StreamEvent(data: GeminiSample.chunk([GeminiSample.text("b")], "STOP"))]
        #expect(
            wire.summary(of: events)
                == AnswerSummary(text: "ab", finishReason: "STOP", terminated: true))
        let hasOthers = GeminiLenienceTests.hasOtherCandidates(odd)
        let cut = wire.finishedForLength(events, contentEvents: 1)
        let empty = wire.emptied(events)
        #expect((cut == nil) == hasOthers && (empty == nil) == hasOthers)
        guard let cut, let empty else { return }
        #expect(
            wire.summary(of: cut)
                == AnswerSummary(text: "a", finishReason: "MAX_TOKENS", terminated: true))
        #expect(wire.summary(of: empty) == AnswerSummary(finishReason: "STOP", terminated: true))
        #expect(wire.toolArgumentsTruncated(events, members: 0) == nil)
    }

    private static func hasOtherCandidates(_ event: StreamEvent) -> Bool {
        let candidates = event.json?["candidates"]?.arrayValue ?? []
        return candidates.count > 1 || candidates.first?["index"] == 7
    }

    @Test(
        "skips pieces of arguments whose path or value makes no sense",
        arguments: [
            #""$","stringValue": "a""#, #""","stringValue": "a""#, #""x","stringValue": "a""#,
            #""$.","stringValue": "a""#, #""$..a","stringValue": "a""#,
            #""$[0]","stringValue": "a""#, #""$.a[","stringValue": "a""#,
            #""$.a[1]","stringValue": "a""#, #""$.a[-1]","stringValue": "a""#,
            #""$.a[99999999999999999999]","stringValue": "a""#, #""$.a[*]","stringValue": "a""#,
            #""$['a","stringValue": "a""#, #""$['a'","stringValue": "a""#,
            #""$['a\\","stringValue": "a""#, #""$.a""#, #""$.a","numberValue": "NaN""#,
            #""$\#(String(repeating: ".a", count: 65))","stringValue": "a""#,
        ])
    func paths(_ pathAndValue: String) {
        let chunks = [
            GeminiSample.open("f"), GeminiSample.piece(pathAndValue),
            GeminiSample.piece(#""$.b","boolValue": false"#, goesOn: false),
            GeminiSample.chunk([], "STOP"),
        ]
        let summary = wire.summary(of: GeminiSample.stream(chunks, .sse), framing: .sse)
        #expect(
            summary.toolCalls == [ToolCall(id: "", name: "f", arguments: #"{"b":false}"#)])
    }

    @Test("reads names in quotes, and lets a later value take the place of an earlier one")
    func pathForms() {
        let pieces = [
            #""$['a.b']","stringValue": "x""#, #""$[\"c\"]['d\\'e'][0]","numberValue": 1"#,
            #""$.c['d\\'e'][0]","numberValue": 2"#, #""$.c['d\\'e'][1].f","nullValue": null"#,
        ]
        let chunks =
            [GeminiSample.open("f")] + pieces.map { GeminiSample.piece($0) }
            + [GeminiSample.chunk([#"{"functionCall": {}}"#], "STOP")]
        let summary = wire.summary(of: GeminiSample.stream(chunks, .sse), framing: .sse)
        #expect(
            summary.toolCalls.map(\.arguments) == [#"{"a.b":"x","c":{"d'e":[2,{"f":null}]}}"#])
    }

    @Test(
        "leaves a total that is no number which fits its parts",
        arguments: ["-9223372036854775808", "3", "1e9", "\"9\""])
    func usage(_ total: String) throws {
        let usage = #"{"candidatesTokenCount": 5,"totalTokenCount": \#(total)}"#
        let chunk = GeminiSample.chunk([GeminiSample.text("a")], "STOP", usage: usage)
        let edited = try #require(wire.emptied([StreamEvent(data: chunk)]))
        let expected = try JSONValue.parse(text: #"{"totalTokenCount": \#(total)}"#)
        #expect(edited[0].json?["usageMetadata"] == expected)
    }

    @Test(
        "says what recorded streams say, and no edit breaks them",
        .needsCorpus,
        arguments: [
            ("google-text", [], true), ("google-reasoning", [], true),
            ("google-reasoning-gemini3", [], true), ("google-tool-call", ["weather"], false),
            ("google-tool-call-gemini3", ["weather"], false),
            ("google-stream-tool-call-arguments", ["getWeather", "getWeather"], false),
            (
                "google-stream-no-args-tool-call",
                ["read_theme", "read_screen", "read_screen", "read_screen"], false
            ),
            (
                "google-stream-tool-call-array-arguments-missing-terminal-function-call",
                ["writeItems"], false
            ),
            ("google-vertex-stream-tool-call-arguments-nested.1", ["cookRecipe"], false),
        ] as [(String, [String], Bool)])
    func recorded(_ name: String, _ calls: [String], _ hasText: Bool) throws {
        let events = try Corpus.events("google/\(name)", .crlf)
        let summary = wire.summary(of: events)
        #expect(summary.terminated && summary.finishReason == "STOP")
        #expect(summary.text.isEmpty != hasText)
        #expect(summary.toolCalls.map(\.name) == calls)
        let content = events.count { wire.role(of: $0).isContent }
        let cut = try #require(wire.finishedForLength(events, contentEvents: content / 2))
        #expect(cut.count { wire.role(of: $0).isContent } == content / 2)
        #expect(wire.summary(of: cut).finishReason == "MAX_TOKENS")
        let empty = try #require(wire.emptied(events))
        #expect(
            wire.summary(of: empty) == AnswerSummary(finishReason: "STOP", terminated: true))
        guard !calls.isEmpty else { return }
        let truncated = try #require(wire.toolArgumentsTruncated(events, members: 0))
        let last = try #require(wire.summary(of: truncated).toolCalls.last)
        #expect(last.arguments == "{}")
        #expect(StreamFraming.sse.events(of: StreamEvent.bytes(of: truncated)) == truncated)
    }
}
