import Determinism
import Testing
import WireProtocols

@Suite("Anthropic messages, written from their content")
struct AnthropicMessagesWritingTests {
    let wire = AnthropicMessages()

    private static let frames = [
        WireSample.start, WireSample.blockStart(0, #"{"type":"text","text":""}"#), WireSample.ping,
        WireSample.text(0, "Hello"), WireSample.text(0, " world"), WireSample.blockStop(0),
        WireSample.tool(1, "toolu_1", "find"), WireSample.arguments(1, ""),
        WireSample.arguments(1, #"{\"q\":1}"#), WireSample.blockStop(1),
        WireSample.messageDelta("tool_use"), WireSample.stop,
    ]
    private static let call = AnswerCall(id: "toolu_1", name: "find", arguments: #"{"q":1}"#)

    private func content(_ parts: [AnswerPart], _ finish: AnswerFinish = .toolCalls)
        -> AnswerContent
    {
        AnswerContent(parts: parts, finish: finish, model: "claude-sonnet-4-5")
    }

    @Test("are read as parts, and stay what they are when they say the same")
    func reading() {
        let events = streamEvents(Self.frames)
        let said = content([.text("Hello world"), .call(Self.call)])
        #expect(wire.content(of: events) == said)
        #expect(wire.rewritten(events, saying: said) == events)
        #expect(wire.content(of: events.dropLast()) == nil)
    }

    @Test("keep the events of a common prefix, and send the rest in pieces")
    func text() {
        let said = content([.text("Hello there, this is long."), .call(Self.call)])
        let expected =
            Self.frames[..<4]
            + [WireSample.text(0, " there, this is "), WireSample.text(0, "long.")]
            + Self.frames[5...]
        let events = streamEvents(Self.frames)
        #expect(wire.rewritten(events, saying: said) == streamEvents(Array(expected)))
    }

    @Test("count their blocks anew, and end for another reason")
    func call() {
        var broken = Self.call
        broken.arguments = #"{"a":"#
        let added = AnswerCall(id: "toolu_1", name: "", arguments: "[]")
        let said = content([.call(broken), .call(added)], .stop)
        let expected = [
            WireSample.start, WireSample.tool(0, "toolu_1", "find"), WireSample.arguments(0, ""),
            WireSample.arguments(0, #"{\"a\":"#), WireSample.blockStop(0),
            WireSample.tool(1, "toolu_1", ""), WireSample.arguments(1, "[]"),
            WireSample.blockStop(1), WireSample.ping, WireSample.messageDelta("end_turn"),
            WireSample.stop,
        ]
        let events = streamEvents(Self.frames)
        #expect(wire.rewritten(events, saying: said) == streamEvents(expected))
    }

    @Test("keep thinking whole, wherever it stands")
    func thinking() throws {
        let events = streamEvents(WireSample.thinkingFrames)
        var said = try #require(wire.content(of: events))
        said.parts.remove(at: 1)
        let expected =
            WireSample.thinkingFrames[..<5]
            + [
                WireSample.tool(1, "toolu_3", "get"),
                WireSample.arguments(1, #"{\"a\":1,\"b\":[2,3]}"#), WireSample.blockStop(1),
            ] + WireSample.thinkingFrames[11...]
        #expect(wire.rewritten(events, saying: said) == streamEvents(Array(expected)))
    }

    @Test(
        "say nothing for which they have no form",
        arguments: [
            (AnswerPart.refusal("No."), AnswerFinish.stop), (.kept(1), .stop),
            (.call(AnswerCall(id: "a", name: "b", arguments: nil)), .toolCalls),
            (.call(AnswerCall(id: "a", name: "b", arguments: "")), .toolCalls),
            (.text("a"), .contentFilter), (.text("a"), .recitation),
            (.text("a"), .other("refusal")),
        ])
    func noForm(_ part: AnswerPart, _ finish: AnswerFinish) {
        #expect(wire.rewritten(streamEvents(Self.frames), saying: content([part], finish)) == nil)
    }

    @Test("are documents as well")
    func document() throws {
        func answer(_ blocks: String, _ reason: String) throws -> JSONValue {
            try JSONValue.parse(
                text: #"{"id":"m","model":"claude-sonnet-4-5","content":[\#(blocks)],"#
                    + #""stop_reason":"\#(reason)","stop_sequence":null,"usage":{"n":1}}"#)
        }
        let thinking = #"{"type":"thinking","thinking":"…","signature":"EqQ="}"#
        let recorded = try answer(
            #"{"type":"text","text":"Hi","citations":[{"cited_text":"H"}]},\#(thinking)"#,
            "end_turn")
        #expect(wire.content(of: recorded) == content([.text("Hi"), .kept(0)], .stop))
        let said = content([.kept(0), .text("No"), .call(Self.call)])
        let expected = try answer(
            #"\#(thinking),{"type":"text","text":"No"},"#
                + #"{"type":"tool_use","id":"toolu_1","name":"find","input":{"q":1}}"#, "tool_use")
        #expect(wire.rewritten(recorded, saying: said) == expected)
    }

    @Test("are none where the pieces of two texts are mixed")
    func mixedTexts() {
        let starts = [0, 1].map { WireSample.blockStart($0, #"{"type":"text","text":""}"#) }
        let ends = [
            WireSample.blockStop(0), WireSample.blockStop(1), WireSample.messageDelta("end_turn"),
            WireSample.stop,
        ]
        let pieces = [starts[0], WireSample.text(0, "a"), starts[1], WireSample.text(1, "b")]
        let apart = streamEvents([WireSample.start] + pieces + ends)
        #expect(wire.content(of: apart) == content([.text("a"), .text("b")], .stop))
        let mixed = streamEvents([WireSample.start] + pieces + [WireSample.text(0, "c")] + ends)
        #expect(wire.summary(of: mixed).text == "abc")
        #expect(wire.content(of: mixed) == nil)
    }
}
