import Determinism
import Testing
import WireProtocols

@Suite("Cohere chat, written from its content")
struct CohereWritingTests {
    let wire = CohereChat()

    @Test("keeps citations of a text that is still there, and counts the blocks anew")
    func citations() throws {
        let events = streamEvents(WireSample.cohereCitedFrames)
        let said = try #require(wire.content(of: events))
        #expect(
            said
                == AnswerContent(
                    parts: [.kept(0), .text("1993 it was.")], finish: .stop, model: nil))
        #expect(wire.rewritten(events, saying: said) == events)
        var edited = said
        edited.parts = [.text("1993 it is.")]
        edited.finish = .length
        let expected = [
            CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "1993"),
            CohereFrames.citation(0).replacing(#""content_index":1"#, with: #""content_index":0"#),
            CohereFrames.end("citation-end", 0), CohereFrames.text(0, " it"),
            CohereFrames.text(0, " is."), CohereFrames.end("content-end", 0),
            CohereFrames.messageEnd(
                "MAX_TOKENS", tokens: #""output_tokens":30,"reasoning_tokens":9"#),
            CohereFrames.done,
        ]
        #expect(wire.rewritten(events, saying: edited) == streamEvents(expected))
    }

    @Test("counts calls apart from texts")
    func calls() throws {
        let events = streamEvents(WireSample.cohereParallelFrames)
        var said = try #require(wire.content(of: events))
        said.parts.remove(at: 1)
        said.parts.append(.call(AnswerCall(id: nil, name: "x", arguments: "no JSON")))
        let added = [
            CohereFrames.call(1, "", "x").replacing(#""id":"","#, with: ""),
            CohereFrames.piece(1, "no JSON"), CohereFrames.end("tool-call-end", 1),
        ]
        let expected =
            WireSample.cohereParallelFrames[..<4]
            + [
                CohereFrames.call(0, "load_2", "load"), CohereFrames.piece(0, #"{\"x\":1,"#),
                CohereFrames.piece(0, #"\"z\":2}"#), CohereFrames.end("tool-call-end", 0),
            ] + added + WireSample.cohereParallelFrames[11...]
        #expect(wire.rewritten(events, saying: said) == streamEvents(Array(expected)))
        said.parts.reverse()
        #expect(wire.rewritten(events, saying: said) == nil)
    }

    @Test("is a document as well")
    func document() throws {
        func answer(_ message: String, _ reason: String) throws -> JSONValue {
            try JSONValue.parse(
                text: #"{"id":"i","message":{"role":"assistant"\#(message)},"#
                    + #""finish_reason":"\#(reason)"}"#)
        }
        let call = #"{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}"#
        let recorded = try answer(
            #","tool_plan":"p","content":[{"type":"thinking","thinking":"t"},"#
                + #"{"type":"text","text":"Grüße"}],"tool_calls":[\#(call)],"citations":["#
                + #"{"end":2,"content_index":1},{"end":5,"content_index":1},"#
                + #"{"end":1,"type":"PLAN"}]"#, "TOOL_CALL")
        var said = try #require(wire.content(of: recorded))
        let first = AnswerCall(id: "t1", name: "f", arguments: "{}")
        #expect(said.parts == [.kept(0), .kept(1), .text("Grüße"), .call(first)])
        said.parts = [.text("Gruß"), .call(AnswerCall(id: "t1", name: "f", arguments: nil))]
        said.finish = .other("TIMEOUT")
        let expected = try answer(
            #","content":[{"type":"text","text":"Gruß"}],"#
                + #""tool_calls":[{"id":"t1","type":"function","function":{"name":"f"}}],"#
                + #""citations":[{"end":2,"content_index":0}]"#, "TIMEOUT")
        #expect(wire.rewritten(recorded, saying: said) == expected)
        said.finish = .other("ERROR")
        #expect(wire.rewritten(recorded, saying: said) == nil)
    }

    @Test("has no place for a plan behind other parts, in a document")
    func movedPlan() throws {
        let recorded = try JSONValue.parse(
            text: #"{"message":{"role":"assistant","tool_plan":"p","content":["#
                + #"{"type":"text","text":"a"}]},"finish_reason":"COMPLETE"}"#)
        var said = try #require(wire.content(of: recorded))
        #expect(said.parts == [.kept(0), .text("a")])
        said.parts = [.text("a"), .kept(0)]
        #expect(wire.rewritten(recorded, saying: said) == nil)
        said.parts = [.text("b")]
        let expected = try JSONValue.parse(
            text: #"{"message":{"role":"assistant","content":["#
                + #"{"type":"text","text":"b"}]},"finish_reason":"COMPLETE"}"#)
        #expect(wire.rewritten(recorded, saying: said) == expected)
    }

    @Test(
        "has no content where an end says something",
        arguments: [
            [
                CohereFrames.textStart(0), CohereFrames.text(0, "a"),
                CohereFrames.content("content-end", 0, #"{"text":"b"}"#),
            ],
            [
                CohereFrames.call(0, "t", "f"), CohereFrames.piece(0, "{"),
                CohereFrames.piece(0, "}").replacing("tool-call-delta", with: "tool-call-end"),
            ],
        ])
    func sayingEnds(_ frames: [String]) {
        let end = [CohereFrames.messageEnd("COMPLETE"), CohereFrames.done]
        #expect(wire.content(of: streamEvents([CohereFrames.start] + frames + end)) == nil)
    }

    @Test("gives fresh pieces no probabilities of the tokens of others")
    func probabilities() throws {
        let piece = CohereFrames.frame(
            "content-delta",
            #"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hi"}}},"#
                + #""logprobs":{"text":"Hi","token_ids":[1],"logprobs":[-0.5]}}"#)
        let start = [CohereFrames.start, CohereFrames.textStart(0), piece]
        let end = [
            CohereFrames.end("content-end", 0), CohereFrames.messageEnd("COMPLETE"),
            CohereFrames.done,
        ]
        let events = streamEvents(start + end)
        var said = try #require(wire.content(of: events))
        said.parts = [.text("Hi there")]
        let expected = streamEvents(start + [CohereFrames.text(0, " there")] + end)
        #expect(wire.rewritten(events, saying: said) == expected)
    }

    /// A citation of the block with index `block`.
    private static func citation(_ index: Int, of block: Int) -> String {
        CohereFrames.citation(index).replacing(
            #""content_index":1"#, with: #""content_index":\#(block)"#)
    }

    private static let twoTexts = [
        CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "1993, or"),
        CohereFrames.end("content-end", 0), CohereFrames.textStart(1),
        CohereFrames.text(1, "1993"), citation(0, of: 0), citation(1, of: 1),
        CohereFrames.end("citation-end", 0), CohereFrames.end("citation-end", 1),
        CohereFrames.end("content-end", 1), CohereFrames.messageEnd("COMPLETE"),
        CohereFrames.done,
    ]

    @Test("numbers citations that overlap by their index")
    func overlappingCitations() throws {
        let events = streamEvents(Self.twoTexts)
        var said = try #require(wire.content(of: events))
        said.finish = .length
        let expected = Self.twoTexts.map { frame in
            frame.replacing(#""finish_reason":"COMPLETE""#, with: #""finish_reason":"MAX_TOKENS""#)
        }
        #expect(wire.rewritten(events, saying: said) == streamEvents(expected))
    }

    @Test("drops a citation of a block that is dropped, wherever it stands")
    func lostCitation() throws {
        let events = streamEvents(Self.twoTexts)
        var said = try #require(wire.content(of: events))
        said.parts.removeFirst()
        let expected = [
            CohereFrames.start, CohereFrames.textStart(0), CohereFrames.text(0, "1993"),
            Self.citation(0, of: 0), CohereFrames.end("citation-end", 0),
            CohereFrames.end("content-end", 0), CohereFrames.messageEnd("COMPLETE"),
            CohereFrames.done,
        ]
        #expect(wire.rewritten(events, saying: said) == streamEvents(expected))
    }
}
