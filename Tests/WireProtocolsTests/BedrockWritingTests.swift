import Determinism
import Testing
import WireProtocols

@Suite("Bedrock answers, written from their content")
struct BedrockWritingTests {
    let wire = BedrockConverse()

    @Test("of Converse keep reasoning whole and count their blocks anew")
    func reasoning() throws {
        let events = WireSample.converseReasoning
        let call = AnswerCall(id: "tooluse_4", name: "get", arguments: #"{"a":1}"#)
        let said = try #require(wire.content(of: events))
        #expect(
            said
                == AnswerContent(
                    parts: [.kept(0), .text("Done."), .call(call)], finish: .toolCalls, model: nil))
        #expect(wire.rewritten(events, saying: said) == events)
        var edited = said
        edited.parts = [.call(call), .kept(0), .text("Done. Or not yet, as it seems.")]
        edited.finish = .contentFilter
        let expected = [
            WireSample.converseStart, WireSample.converseTool(0, "tooluse_4", "get"),
            WireSample.converseInput(0, #"{\"a\":1}"#), WireSample.converseBlockStop(0),
            WireSample.converseDelta(1, #"{"reasoningContent":{"text":"I need to…"}}"#),
            WireSample.converseDelta(1, #"{"reasoningContent":{"signature":"EqQBCkYIAhgC=="}}"#),
            WireSample.converseBlockStop(1), WireSample.converseText(2, "Done."),
            WireSample.converseText(2, " Or not yet, as "), WireSample.converseText(2, "it seems."),
            WireSample.converseBlockStop(2), WireSample.converseStop("content_filtered"),
            WireSample.converseMetadata,
        ]
        #expect(wire.rewritten(events, saying: edited) == expected)
    }

    @Test("of Converse get fresh blocks in the form of the service")
    func fresh() {
        let events = [
            WireSample.converseStart, WireSample.converseStop("end_turn"),
            WireSample.converseMetadata,
        ]
        let said = AnswerContent(
            parts: [.text(""), .call(AnswerCall(id: "t", name: "n", arguments: "{"))],
            finish: .toolCalls, model: nil)
        let expected = [
            WireSample.converseStart,
            WireSample.converseMessage(
                "contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":""}}"#),
            WireSample.converseMessage("contentBlockStop", #"{"contentBlockIndex":0}"#),
            WireSample.converseMessage(
                "contentBlockStart",
                #"{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t","name":"n"}}}"#),
            WireSample.converseMessage(
                "contentBlockDelta",
                #"{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{"}}}"#),
            WireSample.converseMessage("contentBlockStop", #"{"contentBlockIndex":1}"#),
            WireSample.converseStop("tool_use"), WireSample.converseMetadata,
        ]
        #expect(wire.rewritten(events, saying: said) == expected)
        #expect(wire.content(of: expected) == said)
    }

    @Test("of Converse are documents as well, whose arguments are JSON")
    func document() throws {
        func answer(_ blocks: String, _ reason: String) throws -> JSONValue {
            try JSONValue.parse(
                text: #"{"output":{"message":{"role":"assistant","content":[\#(blocks)]}},"#
                    + #""stopReason":"\#(reason)","usage":{"outputTokens":3}}"#)
        }
        let recorded = try answer(
            #"{"text":"Hi"},{"toolUse":{"toolUseId":"t","name":"f","input":{"a":1}}}"#, "tool_use")
        var said = try #require(wire.content(of: recorded))
        said.parts = [.call(AnswerCall(id: nil, name: "g", arguments: "[1]")), .text("Hi")]
        said.finish = .other("guardrail_intervened")
        let expected = try answer(
            #"{"toolUse":{"name":"g","input":[1]}},{"text":"Hi"}"#, "guardrail_intervened")
        #expect(wire.rewritten(recorded, saying: said) == expected)
        said.parts = [.call(AnswerCall(id: "t", name: "g", arguments: #"{"a":"#))]
        #expect(wire.rewritten(recorded, saying: said) == nil)
    }

    @Test("of a model of Anthropic are wrapped as before")
    func invoke() throws {
        let wire = BedrockInvoke()
        let events = WireSample.invokeThinking.map { WireSample.bedrockChunk($0) }
        var said = try #require(wire.content(of: events))
        #expect(wire.rewritten(events, saying: said) == events)
        said.parts = [.kept(0), .text("Do")]
        let frames =
            WireSample.thinkingFrames[..<6]
            + [
                WireSample.text(1, "Do"), WireSample.blockStop(1),
                WireSample.messageDelta("tool_use"), WireSample.invokeStop,
            ]
        #expect(
            wire.rewritten(events, saying: said) == frames.map { WireSample.bedrockChunk($0) })
        let failure = try #require(wire.errorEvent(.server, framing: .awsEventStream))
        #expect(wire.content(of: events + [failure]) == nil)
        #expect(wire.rewritten(events + [failure], saying: said) == nil)
    }
}
