import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("JSON answers")
struct AnswerTests {
    static let openAI =
        #"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße 👋🏽","#
        + #""tool_calls":[{"id":"t1","type":"function","function":{"name":"f","#
        + #""arguments":"{\"a\": 1, \"b\": 2}"}}]},"finish_reason":"tool_calls"}],"#
        + #""usage":{"total_tokens":3.0}}"#
    static let anthropic =
        #"{"type":"message","content":[{"type":"thinking","thinking":"t","signature":"s"},"#
        + #"{"type":"text","text":"Grüße"},{"type":"text","text":" 👋🏽"},"#
        + #"{"type":"tool_use","id":"t1","name":"f","input":{"a":1,"b":2}}],"#
        + #""stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":1,"#
        + #""output_tokens":9}}"#

    static let cases: [(id: String, body: String, length: String, normal: String)] = [
        (OpenAIChat.id, openAI, "length", "stop"),
        (AnthropicMessages.id, anthropic, "max_tokens", "end_turn"),
    ]

    private func summary(_ wire: any WireProtocol, _ answer: JSONValue) -> AnswerSummary {
        wire.summary(of: answer.encoded(), framing: nil)
    }

    @Test("are read whole, and nothing is read from what is no JSON", arguments: cases)
    func reading(_ id: String, _ body: String, _ length: String, _ normal: String) throws {
        let wire = try #require(WireProtocols.named(id))
        let answer = wire.summary(of: Array(body.utf8), framing: nil)
        #expect(answer.text == "Grüße 👋🏽")
        #expect(answer.toolCalls.map(\.id) == ["t1"])
        #expect(answer.toolCalls.map(\.name) == ["f"])
        #expect(answer.terminated)
        for count in 0..<body.utf8.count {
            let cut = Array(body.utf8.prefix(count))
            #expect(wire.summary(of: cut, framing: nil) == AnswerSummary())
        }
    }

    @Test("are cut by scalars and finished for length", arguments: cases)
    func length(_ id: String, _ body: String, _ length: String, _ normal: String) throws {
        let wire = try #require(WireProtocols.named(id))
        let answer = try JSONValue.parse(text: body)
        for (count, text) in [(0, ""), (2, "Gr"), (5, "Grüße"), (7, "Grüße 👋"), (8, "Grüße 👋🏽")] {
            let edited = try #require(wire.finishedForLength(answer, characters: count))
            let expected = AnswerSummary(text: text, finishReason: length, terminated: true)
            #expect(summary(wire, edited) == expected)
            #expect(edited["usage"] == answer["usage"])
        }
        #expect(wire.finishedForLength(answer, characters: 9) == nil)
        #expect(wire.finishedForLength(answer, characters: -1) == nil)
    }

    @Test("are emptied once", arguments: cases)
    func emptied(_ id: String, _ body: String, _ length: String, _ normal: String) throws {
        let wire = try #require(WireProtocols.named(id))
        let edited = try #require(wire.emptied(try JSONValue.parse(text: body)))
        let expected = AnswerSummary(finishReason: normal, terminated: true)
        #expect(summary(wire, edited) == expected)
        #expect(wire.emptied(edited) == nil)
    }

    @Test("keep the first members of the arguments", arguments: cases)
    func arguments(_ id: String, _ body: String, _ length: String, _ normal: String) throws {
        let wire = try #require(WireProtocols.named(id))
        let answer = try JSONValue.parse(text: body)
        let edited = try #require(wire.toolArgumentsTruncated(answer, members: 1))
        let isText = id == OpenAIChat.id
        #expect(
            summary(wire, edited).toolCalls[0].arguments == (isText ? #"{"a": 1"# : #"{"a":1}"#))
        #expect(summary(wire, edited).finishReason == summary(wire, answer).finishReason)
        #expect(wire.toolArgumentsTruncated(answer, members: 2) == nil)
        #expect(wire.toolArgumentsTruncated([:], members: 0) == nil)
    }

    @Test("keep signed thinking where they are emptied or cut")
    func thinking() throws {
        let wire = AnthropicMessages()
        let answer = try JSONValue.parse(text: Self.anthropic)
        let signed = answer["content"]?[0]
        #expect(wire.emptied(answer)?["content"] == signed.map { .array([$0]) })
        #expect(wire.emptied(answer)?["usage"]?["output_tokens"] == 2)
        #expect(wire.finishedForLength(answer, characters: 1)?["content"]?[0] == signed)
    }

    @Test("of plain services name the error")
    func plain() {
        let answer = PlainHTTP.errorAnswer(.unavailable, status: 503, retryAfterMilliseconds: 1)
        let body =
            #"{"error":{"code":"unavailable","message":"The service is temporarily unavailable."}}"#
        #expect(answer.status == 503)
        #expect(answer.body == Array(body.utf8))
        #expect(answer.headers.first("retry-after-ms") == "1")
    }
}
