import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Bedrock InvokeModel")
struct BedrockInvokeTests {
    let wire = BedrockInvoke()
    static let answer =
        #"{"id":"msg_bdrk_1","type":"message","role":"assistant","content":[{"type":"text","#
        + #""text":"Grüße"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1,"b":2}}],"#
        + #""stop_reason":"tool_use","stop_sequence":null,"usage":{"output_tokens":9}}"#

    @Test(
        "is known by its route, and names the model in it",
        arguments: [
            ("POST", "/model/anthropic.claude-v1%3A0/invoke", true, false),
            ("POST", "/model/anthropic.claude-v1%3A0/invoke-with-response-stream", true, true),
            ("GET", "/model/anthropic.claude-v1%3A0/invoke", false, false),
            ("POST", "/model/anthropic.claude-v1%3A0/async-invoke", false, false),
            ("POST", "/model/invoke", false, false),
            ("POST", "/model/anthropic.claude-v1%3A0/converse", false, false),
        ])
    func routes(_ method: String, _ target: String, _ matches: Bool, _ isStreaming: Bool) {
        let request = RecordedRequest(method: method, target: target)
        #expect(wire.matches(request, host: "") == matches)
        #expect((WireProtocols.detect(request, host: "")?.id == BedrockInvoke.id) == matches)
        guard matches else { return }
        #expect(wire.isStreaming(request) == isStreaming)
        #expect(wire.model(of: request) == "anthropic.claude-v1:0")
    }

    @Test("gives the event inside a message its role")
    func roles() {
        let events = WireSample.invokeThinking.map { WireSample.bedrockChunk($0) }
        #expect(
            events.map(wire.role) == [
                .start, .other, .other, .other, .other, .other, .text("Done."), .other,
                .toolStart(index: 2, id: "toolu_3", name: "get"),
                .toolArguments(index: 2, fragment: #"{"a":1,"b":[2,3]}"#), .other,
                .finish(reason: "tool_use"), .terminator,
            ])
        let error = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
        #expect(wire.role(of: WireSample.bedrockChunk(data: error[...])) == .error)
    }

    @Test("empties a stream so that both counts of tokens agree")
    func emptied() throws {
        let events = WireSample.invokeThinking.map { WireSample.bedrockChunk($0) }
        let edited = try #require(wire.emptied(events))
        let last = edited.suffix(2).map(\.json)
        #expect(Array(edited.dropLast(2)) == Array(events[...4]))
        #expect(last.first??["usage"]?["output_tokens"] == 2)
        let metrics = last.last??["amazon-bedrock-invocationMetrics"]
        #expect(metrics?["outputTokenCount"] == 2)
        #expect(metrics?["inputTokenCount"] == 12)
        // The padding stays, and the message is wrapped as before.
        let message = try #require(edited.last).bytes
        #expect(message.dropLast(4).suffix(14) == Array(#","p":"abcdef"}"#.utf8)[...])
    }

    @Test("reads nothing behind an exception, and edits no such stream")
    func exceptions() throws {
        var events = WireSample.invokeThinking.map { WireSample.bedrockChunk($0) }
        let exception = try #require(wire.errorEvent(.server, framing: .awsEventStream))
        events.insert(exception, at: 8)
        #expect(wire.summary(of: events) == AnswerSummary(text: "Done."))
        #expect(wire.emptied(events) == nil)
        #expect(wire.finishedForLength(events, contentEvents: 1) == nil)
        #expect(wire.toolArgumentsTruncated(events, members: 0) == nil)
    }

    @Test("reads and edits whole answers as those of Anthropic")
    func answers() throws {
        let answer = try JSONValue.parse(text: Self.answer)
        let summary = wire.summary(of: answer)
        #expect(summary.text == "Grüße")
        #expect(summary.finishReason == "tool_use")
        #expect(summary.terminated)
        #expect(summary.toolCalls.count == 1)
        let short = try #require(wire.finishedForLength(answer, characters: 2))
        #expect(wire.summary(of: short).text == "Gr")
        let empty = try #require(wire.emptied(answer))
        #expect(
            wire.summary(of: empty) == AnswerSummary(finishReason: "end_turn", terminated: true))
        let truncated = try #require(wire.toolArgumentsTruncated(answer, members: 1))
        #expect(wire.summary(of: truncated).toolCalls.map(\.arguments) == [#"{"a":1}"#])
    }

    @Test(
        "leaves the bodies of other vendors alone",
        arguments: [
            #"{"outputText":"Hi","index":0,"completionReason":"FINISH"}"#,
            #"{"messageStop":{"stopReason":"end_turn"}}"#,
            #"{"generation":"Hi","stop_reason":"stop"}"#,
            #"{"choices":[{"message":{"content":"Hi"},"stop_reason":"stop"}]}"#, "[]", "7",
        ])
    func others(_ body: String) throws {
        let events = [WireSample.bedrockChunk(data: body[...])]
        #expect(events.map(wire.role) == [.other])
        #expect(wire.summary(of: events) == AnswerSummary())
        #expect(wire.emptied(events) == nil)
        #expect(wire.finishedForLength(events, contentEvents: 0) == nil)
        #expect(wire.toolArgumentsTruncated(events, members: 0) == nil)
        let answer = try JSONValue.parse(text: body)
        #expect(wire.summary(of: answer) == AnswerSummary(terminated: true))
        #expect(wire.emptied(answer) == nil)
        #expect(wire.finishedForLength(answer, characters: 0) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: 0) == nil)
    }
}
