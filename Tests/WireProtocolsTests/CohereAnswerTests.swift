import Determinism
import Testing
import WireProtocols

@Suite("Cohere answers")
struct CohereAnswerTests {
    let wire = CohereChat()

    private static func answer(
        _ message: String, _ reason: String,
        _ usage: String = #"{"billed_units":{"output_tokens":8},"tokens":{"output_tokens":11}}"#
    ) -> String {
        #"{"id":"i","message":{"role":"assistant"\#(message)},"finish_reason":"\#(reason)","#
            + #""usage":\#(usage)}"#
    }

    private static let thinking = #"{"type":"thinking","thinking":"tttttttt"}"#
    private static let content =
        #","content":[\#(thinking),{"type":"text","text":"Grüße"},"#
        + #"{"type":"text","text":" 👋🏽"}]"#
    private static let calls =
        #","tool_plan":"p","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","#
        + #""arguments":"{\"a\": 1, \"b\": 2}"}}]"#

    private static func citation(
        _ end: Int, _ place: Int? = nil, type: String = "TEXT_CONTENT"
    ) -> String {
        let index = place.map { #","content_index":\#($0)"# } ?? ""
        return #"{"start":0,"end":\#(end),"text":"x","type":"\#(type)"\#(index)}"#
    }

    static let whole = answer(content + calls, "TOOL_CALL")

    private func parse(_ message: String, _ reason: String) throws -> JSONValue {
        try JSONValue.parse(text: Self.answer(message, reason))
    }

    @Test("are read whole")
    func reading() throws {
        let answer = try parse(Self.content + Self.calls, "TOOL_CALL")
        let call = ToolCall(id: "t1", name: "f", arguments: #"{"a": 1, "b": 2}"#)
        #expect(
            wire.summary(of: answer)
                == AnswerSummary(
                    text: "Grüße 👋🏽", toolCalls: [call], finishReason: "TOOL_CALL",
                    terminated: true))
        #expect(wire.summary(of: [:]) == AnswerSummary(terminated: true))
    }

    @Test(
        "are cut by scalars and finished for length, without later blocks, plan and calls",
        arguments: [
            (0, [thinking]), (2, [thinking, #"{"type":"text","text":"Gr"}"#]),
            (5, [thinking, #"{"type":"text","text":"Grüße"}"#]),
            (
                7,
                [
                    thinking, #"{"type":"text","text":"Grüße"}"#,
                    #"{"type":"text","text":" 👋"}"#,
                ]
            ),
            (
                8,
                [
                    thinking, #"{"type":"text","text":"Grüße"}"#,
                    #"{"type":"text","text":" 👋🏽"}"#,
                ]
            ),
        ])
    func length(_ count: Int, _ blocks: [String]) throws {
        let answer = try parse(Self.content + Self.calls, "TOOL_CALL")
        let content = #","content":[\#(blocks.joined(separator: ","))]"#
        let edited = try #require(wire.finishedForLength(answer, characters: count))
        #expect(edited.encodedText() == Self.answer(content, "MAX_TOKENS"))
        #expect(wire.finishedForLength(edited, characters: count) == nil)
    }

    @Test("are not cut beyond their text, or where there is none")
    func beyond() throws {
        let answer = try parse(Self.content, "COMPLETE")
        for count in [Int.min, -1, 9, Int.max] {
            #expect(wire.finishedForLength(answer, characters: count) == nil)
        }
        #expect(wire.finishedForLength(try parse(Self.calls, "TOOL_CALL"), characters: 0) == nil)
        let plain = try parse(#","content":[{"type":"text","text":"a"}]"#, "COMPLETE")
        #expect(wire.finishedForLength(plain, characters: 0)?["message"] == ["role": "assistant"])
    }

    @Test("keep the citations of what they still say")
    func citations() throws {
        let kept = [Self.citation(8, 0, type: "THINKING_CONTENT"), Self.citation(3, 1)]
        let lost = [
            Self.citation(4, 1), Self.citation(1, 2), Self.citation(1, 7),
            Self.citation(1, -1), Self.citation(1, type: "PLAN"), #"{"text":"no end"}"#,
        ]
        let all = (kept + [Self.citation(3)] + lost).joined(separator: ",")
        let answer = try parse(Self.content + #","citations":[\#(all)]"#, "COMPLETE")
        let edited = try #require(wire.finishedForLength(answer, characters: 3))
        let expected = (kept + [Self.citation(3)]).joined(separator: ",")
        #expect(edited["message"]?["citations"]?.encodedText() == "[\(expected)]")
        let thinking = try #require(wire.finishedForLength(answer, characters: 0))
        #expect(thinking["message"]?["citations"]?.encodedText() == "[\(kept[0])]")
    }

    @Test("lose the probabilities of their tokens with the text")
    func probabilities() throws {
        var answer = try parse(Self.content, "COMPLETE")
        answer["logprobs"] = [["token_ids": [1]]]
        #expect(wire.finishedForLength(answer, characters: 1)?["logprobs"] == nil)
        #expect(wire.finishedForLength(answer, characters: 8)?["logprobs"] == answer["logprobs"])
        #expect(wire.emptied(answer)?["logprobs"] == nil)
    }

    @Test(
        "are emptied once, with the tokens of their frame only",
        arguments: [(content, "COMPLETE"), (calls, "TOOL_CALL"), (content + calls, "MAX_TOKENS")])
    func emptied(_ message: String, _ reason: String) throws {
        let usage =
            #"{"billed_units":{"input_tokens":4,"output_tokens":8},"#
            + #""tokens":{"output_tokens":20,"reasoning_tokens":9}}"#
        let answer = try JSONValue.parse(text: Self.answer(message, reason, usage))
        let edited = try #require(wire.emptied(answer))
        let none =
            #"{"billed_units":{"input_tokens":4,"output_tokens":0},"tokens":{"output_tokens":3}}"#
        #expect(edited.encodedText() == Self.answer("", "COMPLETE", none))
        #expect(wire.emptied(edited) == nil)
    }

    @Test("keep the first members of the arguments")
    func arguments() throws {
        let answer = try parse(Self.content + Self.calls, "TOOL_CALL")
        let edited = try #require(wire.toolArgumentsTruncated(answer, members: 1))
        let expected = Self.answer(Self.content + Self.calls, "TOOL_CALL")
            .split(separator: #", \"b\": 2}"#).joined()
        #expect(edited.encodedText() == expected)
        #expect(wire.toolArgumentsTruncated(answer, members: 2) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: -1) == nil)
        #expect(wire.toolArgumentsTruncated([:], members: 0) == nil)
    }
}
