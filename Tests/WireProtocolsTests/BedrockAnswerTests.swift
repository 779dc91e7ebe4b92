import Determinism
import Testing
import WireProtocols

@Suite("Answers of Bedrock Converse")
struct BedrockAnswerTests {
    let wire = BedrockConverse()
    private static let head = #"{"metrics":{"latencyMs":40},"output":{"message":{"content":["#
    private static let reasoning =
        #"{"reasoningContent":{"reasoningText":{"signature":"s","text":"t"}}}"#
    private static let cited =
        #"{"citationsContent":{"citations":[{"title":"a"}],"content":[{"text":"Grü"},"#
        + #"{"text":"ße"}]}}"#
    private static let tools =
        #"{"toolUse":{"input":{"q":1},"name":"search","toolUseId":"s1","type":"server_tool_use"}},"#
        + #"{"toolUse":{"input":{"a":1,"b":[2]},"name":"f","toolUseId":"t1","type":"tool_use"}}"#
    private static let tail =
        #"],"role":"assistant"}},"stopReason":"tool_use","usage":{"cacheReadInputTokens":5,"#
        + #""inputTokens":10,"outputTokens":30,"totalTokens":45}}"#
    static let whole = "\(head)\(reasoning),\(cited),{\"text\":\" 👋🏽\"},\(tools)\(tail)"

    private var answer: JSONValue { get throws { try JSONValue.parse(text: Self.whole) } }

    @Test("are read with cited text and the agent's tools only")
    func reading() throws {
        #expect(
            wire.summary(of: try answer)
                == AnswerSummary(
                    text: "Grüße 👋🏽",
                    toolCalls: [ToolCall(id: "t1", name: "f", arguments: #"{"a":1,"b":[2]}"#)],
                    finishReason: "tool_use", terminated: true))
        #expect(wire.summary(of: [:]) == AnswerSummary(terminated: true))
    }

    @Test(
        "are cut by scalars and finished for length",
        arguments: [
            (0, ""),
            (
                2,
                #","#
                    + #"{"citationsContent":{"citations":[{"title":"a"}],"#
                    + #""content":[{"text":"Gr"}]}}"#
            ),
            (
                4,
                #",{"citationsContent":{"citations":[{"title":"a"}],"content":[{"text":"Grü"},"#
                    + #"{"text":"ß"}]}}"#
            ), (5, ",\(cited)"), (7, ",\(cited),{\"text\":\" 👋\"}"),
            (8, ",\(cited),{\"text\":\" 👋🏽\"}"),
        ])
    func length(_ count: Int, _ kept: String) throws {
        let edited = try #require(wire.finishedForLength(try answer, characters: count))
        let tail = Self.tail.replacing(#""tool_use""#, with: #""max_tokens""#)
        #expect(edited.encodedText() == "\(Self.head)\(Self.reasoning)\(kept)\(tail)")
    }

    @Test("are left alone where nothing would be lost")
    func refusal() throws {
        let answer = try answer
        #expect(wire.finishedForLength(answer, characters: 9) == nil)
        #expect(wire.finishedForLength(answer, characters: -1) == nil)
        let full = try #require(wire.finishedForLength(answer, characters: 8))
        #expect(wire.finishedForLength(full, characters: 8) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: 2) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: -1) == nil)
        let late = try JSONValue.parse(
            text: "\(Self.head){\"text\":\"a\"},\(Self.reasoning)\(Self.tail)")
        #expect(wire.emptied(late) == nil)
        for text in ["{}", "[]", "7", #"{"output":{"message":{"content":null}}}"#] {
            let odd = try JSONValue.parse(text: text)
            #expect(wire.emptied(odd) == nil)
            #expect(wire.finishedForLength(odd, characters: 0) == nil)
            #expect(wire.toolArgumentsTruncated(odd, members: 0) == nil)
        }
    }

    @Test("are emptied once, to what is signed and numbers that agree")
    func emptied() throws {
        let edited = try #require(wire.emptied(try answer))
        let tail = Self.tail.replacing(#""tool_use""#, with: #""end_turn""#)
            .replacing(#":30,"totalTokens":45"#, with: #":2,"totalTokens":17"#)
        #expect(edited.encodedText() == "\(Self.head)\(Self.reasoning)\(tail)")
        #expect(wire.emptied(edited) == nil)
    }

    @Test("keep the first members of the last input", arguments: [(0, "{}"), (1, #"{"a":1}"#)])
    func arguments(_ members: Int, _ input: String) throws {
        let edited = try #require(wire.toolArgumentsTruncated(try answer, members: members))
        let expected = Self.whole.replacing(#"{"a":1,"b":[2]}"#, with: input)
        #expect(edited.encodedText() == expected)
    }

    @Test(
        "in the model's own words agree with the reason",
        arguments: [
            (#"{"stop_sequence":"END","x":1}"#, #"{"stop_sequence":null,"x":1}"#),
            (#"{"stop_reason":"tool_use"}"#, #"{"stop_reason":"max_tokens"}"#), ("7", "7"),
        ])
    func fields(_ fields: String, _ edited: String) throws {
        var answer = try answer
        answer["additionalModelResponseFields"] = try JSONValue.parse(text: fields)
        let result = wire.finishedForLength(answer, characters: 1)
        #expect(result?["additionalModelResponseFields"]?.encodedText() == edited)
    }

    @Test(
        "of the service say what they say",
        .needsCorpus,
        arguments: [
            ("text", "end_turn", [], 12), ("reasoning", "end_turn", [], 9),
            ("tool-call.1", "tool_use", [#"{"value":"Sparkle Day"}"#], 3),
            ("tool-no-args", "tool_use", ["{}"], 2),
            (
                "json-with-tools.1", "tool_use",
                [#"{"a":"1"}"#, #"{"b":"2"}"#, #"{"final":"result"}"#], 8
            ),
        ] as [(String, String, [String], Int)])
    func recorded(_ name: String, _ reason: String, _ arguments: [String], _ count: Int) throws {
        let events = try Self.recordedEvents(name)
        let framing = StreamFraming.awsEventStream
        let summary = wire.summary(of: StreamEvent.bytes(of: events), framing: framing)
        #expect(summary.finishReason == reason)
        #expect(summary.terminated)
        #expect(summary.toolCalls.map(\.arguments) == arguments)
        #expect(events.count { wire.role(of: $0).isContent } == count)
        let empty = try #require(wire.emptied(events))
        #expect(
            wire.summary(of: StreamEvent.bytes(of: empty), framing: framing)
                == AnswerSummary(finishReason: "end_turn", terminated: true))
        for kept in 0..<count {
            let edited = try #require(wire.finishedForLength(events, contentEvents: kept))
            #expect(edited.count { wire.role(of: $0).isContent } == kept)
            #expect(wire.summary(of: edited).finishReason == "max_tokens")
        }
        let hasMembers = arguments.last.map { $0 != "{}" } ?? false
        #expect((wire.toolArgumentsTruncated(events, members: 0) != nil) == hasMembers)
    }

    /// The events of a file, one a line under the name of its type, as messages.
    private static func recordedEvents(_ name: String) throws -> [StreamEvent] {
        try Corpus.lines("amazon-bedrock/amazon-bedrock-\(name)").map { line in
            let members = try #require(try JSONValue.parse(text: line).objectValue)
            let member = try #require(members.first)
            return WireSample.converseMessage(member.key, member.value.encodedText())
        }
    }
}
