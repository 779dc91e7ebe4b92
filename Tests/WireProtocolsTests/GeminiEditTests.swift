import Determinism
import Testing
import WireProtocols

@Suite("Edits of Gemini's answers")
struct GeminiEditTests {
    let wire = Gemini()

    @Test(
        "keeps thoughts and their signature where nothing else is kept",
        arguments: [StreamFraming.sse, .jsonArray])
    func thoughts(_ framing: StreamFraming) throws {
        let all = GeminiSample.events(GeminiSample.thoughtChunks, framing)
        for edit in [wire.finishedForLength(all, contentEvents: 0), wire.emptied(all)] {
            let edited = try #require(edit)
            try #require(edited.count == (framing == .sse ? 3 : 4))
            #expect(edited.prefix(2) == all.prefix(2))
            let parts = edited[2].json?[pointer: "/candidates/0/content/parts"]
            #expect(parts == all[4].json?[pointer: "/candidates/0/content/parts"])
        }
        let mixed = GeminiSample.chunk(
            [GeminiSample.thought("t"), GeminiSample.text("a"), GeminiSample.thought("u")])
        let finish = GeminiSample.chunk([GeminiSample.text("")], "STOP")
        let edited = try #require(wire.emptied(GeminiSample.events([mixed, finish])))
        try #require(edited.count == 2)
        #expect(
            edited[0].json?[pointer: "/candidates/0/content/parts"]
                == [["text": "t", "thought": true]])
    }

    @Test("is emptied to a finish without parts and without tokens of output")
    func emptied() throws {
        let call = GeminiSample.chunk(
            [GeminiSample.call("f", "{}")], "STOP",
            more: #","finishMessage": "Model generated function call(s).""#)
        let edited = try #require(wire.emptied(GeminiSample.events([call])))
        let expected =
            #"data: {"candidates":[{"content":{"role":"model"},"finishReason":"STOP","index":0}],"#
            + #""usageMetadata":{"promptTokenCount":9,"totalTokenCount":15,"#
            + #""thoughtsTokenCount":6},"modelVersion":"gemini-2.5-flash","responseId":"r-1"}"#
            + "\r\n\r\n"
        #expect(StreamEvent.bytes(of: edited) == Array(expected.utf8))
        #expect(wire.emptied(edited) == nil)
    }

    @Test("drops what quotes or measures a text that is cut, and only then")
    func descriptions() throws {
        let more =
            #","groundingMetadata": {"webSearchQueries": ["q"],"groundingSupports": [{"segment": "#
            + #"{"endIndex": 2,"text": "ab"}}]},"avgLogprobs": -0.5,"citationMetadata": {}"#
        let all = GeminiSample.events([
            GeminiSample.chunk([GeminiSample.text("a")]),
            GeminiSample.chunk([GeminiSample.text("b")], "STOP", more: more),
        ])
        let cut = try #require(wire.finishedForLength(all, contentEvents: 1))
        #expect(cut[0] == all[0])
        let expected =
            #"{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0,"#
            + #""groundingMetadata":{"webSearchQueries":["q"]}}"#
        #expect(cut[1].json?[pointer: "/candidates/0"]?.encodedText() == expected)
        #expect(cut[1].json?["usageMetadata"] == all[1].json?["usageMetadata"])
        let whole = try #require(wire.finishedForLength(all, contentEvents: 2))
        var kept = all[1].json
        kept?["candidates"]?[0]?["finishReason"] = "MAX_TOKENS"
        #expect(whole[1].json == kept)
    }

    @Test("drops the pieces of streamed arguments that are cut, and closes the call")
    func streamedArguments() throws {
        let all = GeminiSample.events(GeminiSample.streamedChunks)
        let edited = try #require(wire.toolArgumentsTruncated(all, members: 1))
        try #require(edited.count == 7)
        #expect(edited.prefix(4) == all.prefix(4))
        #expect(edited[4] == all[5])
        let closed = edited[5].json?[pointer: "/candidates/0/content/parts"]
        #expect(closed == [["functionCall": [:]]])
        #expect(edited[6] == all[9])
    }

    @Test("cuts the arguments of the last of parallel calls only, and keeps its signature")
    func parallelArguments() throws {
        let chunk = GeminiSample.chunk(
            [
                GeminiSample.call("f", #"{"a": 1,"b": 2}"#),
                GeminiSample.signed(GeminiSample.call("g", #"{"c": 3,"d": 4}"#)),
            ], "STOP")
        let events = GeminiSample.events([chunk])
        let edited = try #require(wire.toolArgumentsTruncated(events, members: 1))
        let expected =
            #"[{"functionCall":{"name":"f","args":{"a":1,"b":2}}},"#
            + #"{"functionCall":{"name":"g","args":{"c":3}},"thoughtSignature":"CiQBEU0yDw=="}]"#
        #expect(
            edited[0].json?[pointer: "/candidates/0/content/parts"]?.encodedText() == expected)
    }

    static let answer =
        #"{"candidates":[{"content":{"role":"model","parts":[{"text":"t","thought":true},"#
        + #"{"text":"Grüße"},{"text":" 👋🏽"},{"functionCall":{"name":"f","args":{"a":1,"b":2},"#
        + #""id":"t1"},"thoughtSignature":"s"},{"text":"","thoughtSignature":"u"}]},"#
        + #""finishReason":"STOP","avgLogprobs":-0.5}],"usageMetadata":{"promptTokenCount":3,"#
        + #""candidatesTokenCount":4,"totalTokenCount":9,"thoughtsTokenCount":2}}"#

    @Test("reads a JSON answer")
    func reading() throws {
        let answer = try JSONValue.parse(text: Self.answer)
        let call = ToolCall(id: "t1", name: "f", arguments: #"{"a":1,"b":2}"#)
        #expect(
            wire.summary(of: answer)
                == AnswerSummary(
                    text: "Grüße 👋🏽", toolCalls: [call], finishReason: "STOP", terminated: true))
        let blocked = try JSONValue.parse(text: GeminiSample.blocked)
        #expect(
            wire.summary(of: blocked)
                == AnswerSummary(finishReason: "PROHIBITED_CONTENT", terminated: true))
        #expect(wire.finishedForLength(blocked, characters: 0) == nil)
        #expect(wire.emptied(blocked) == nil)
    }

    @Test(
        "cuts a JSON answer by scalars",
        arguments: [
            (0, #"[{"text":"t","thought":true},{"text":"","thoughtSignature":"u"}]"#),
            (
                2,
                #"[{"text":"t","thought":true},{"text":"Gr"},{"text":"","thoughtSignature":"u"}]"#
            ),
            (
                7,
                #"[{"text":"t","thought":true},{"text":"Grüße"},{"text":" 👋"},"#
                    + #"{"text":"","thoughtSignature":"u"}]"#
            ),
        ])
    func length(_ characters: Int, _ parts: String) throws {
        let answer = try JSONValue.parse(text: Self.answer)
        let edited = try #require(wire.finishedForLength(answer, characters: characters))
        var expected = answer
        expected["candidates"]?[0]?["content"]?["parts"] = try JSONValue.parse(text: parts)
        expected["candidates"]?[0]?["finishReason"] = "MAX_TOKENS"
        expected["candidates"]?[0]?["avgLogprobs"] = nil
        #expect(edited == expected)
    }

    @Test("finishes a JSON answer for length behind its whole text, but not beyond")
    func wholeLength() throws {
        let answer = try JSONValue.parse(text: Self.answer)
        let edited = try #require(wire.finishedForLength(answer, characters: 8))
        #expect(
            wire.summary(of: edited)
                == AnswerSummary(text: "Grüße 👋🏽", finishReason: "MAX_TOKENS", terminated: true))
        #expect(edited[pointer: "/candidates/0/avgLogprobs"] != nil)
        #expect(wire.finishedForLength(edited, characters: 8) == nil)
        #expect(wire.finishedForLength(answer, characters: 9) == nil)
        #expect(wire.finishedForLength(answer, characters: -1) == nil)
    }

    @Test("empties a JSON answer once")
    func emptiedAnswer() throws {
        let answer = try JSONValue.parse(text: Self.answer)
        let edited = try #require(wire.emptied(answer))
        let expected =
            #"{"candidates":[{"content":{"role":"model","parts":[{"text":"t","thought":true},"#
            + #"{"text":"","thoughtSignature":"u"}]},"finishReason":"STOP"}],"#
            + #""usageMetadata":{"promptTokenCount":3,"totalTokenCount":5,"thoughtsTokenCount":2}}"#
        #expect(edited.encodedText() == expected)
        #expect(wire.emptied(edited) == nil)
    }

    @Test("keeps the first members of the arguments in a JSON answer")
    func arguments() throws {
        let answer = try JSONValue.parse(text: Self.answer)
        let edited = try #require(wire.toolArgumentsTruncated(answer, members: 1))
        var expected = answer
        expected["candidates"]?[0]?["content"]?["parts"]?[3]?["functionCall"]?["args"] = ["a": 1]
        #expect(edited == expected)
        #expect(wire.toolArgumentsTruncated(answer, members: 2) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: -1) == nil)
        #expect(wire.toolArgumentsTruncated([:], members: 0) == nil)
    }
}
