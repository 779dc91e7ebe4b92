import Determinism
import Foundation
import Testing
import WireProtocols

@Suite("JSON answers of OpenAI responses")
struct OpenAIResponsesAnswerTests {
    let wire = OpenAIResponses()

    private static let reasoning =
        #"{"id":"rs_1","type":"reasoning","encrypted_content":"gAAA==","summary":[]}"#
    private static let message =
        #"{"id":"msg_1","type":"message","status":"completed","content":["#
        + #"{"type":"output_text","annotations":[{"type":"url_citation","start_index":0,"#
        + #""end_index":2,"url":"https://example.com/"},{"type":"file_citation","index":7}],"#
        + #""logprobs":[{"token":"Grüße","bytes":[71,114,195,188,195,159,101]},"#
        + #"{"token":" 👋🏽"}],"text":"Grüße 👋🏽"}],"role":"assistant"}"#
    private static let call =
        #"{"id":"fc_1","type":"function_call","status":"completed","#
        + #""arguments":"{\"a\": 1, \"b\": 2}","call_id":"call_1","name":"f"}"#

    private static func answer(
        _ items: [String], status: String = "completed", details: String = "null",
        completedAt: String = "1760000002", outputTokens: Int = 9, text: String = "Grüße 👋🏽"
    ) throws -> JSONValue {
        try JSONValue.parse(
            text: body(
                items, status: status, details: details, completedAt: completedAt,
                outputTokens: outputTokens, text: text))
    }

    private static func body(
        _ items: [String], status: String = "completed", details: String = "null",
        completedAt: String = "1760000002", outputTokens: Int = 9, text: String = "Grüße 👋🏽"
    ) -> String {
        #"{"id":"resp_1","created_at":1760000000,"status":"\#(status)","#
            + #""completed_at":\#(completedAt),"incomplete_details":\#(details),"output":["#
            + items.joined(separator: ",") + #"],"output_text":"\#(text)","#
            + #""usage":{"input_tokens":5,"output_tokens":\#(outputTokens),"#
            + #""output_tokens_details":{"reasoning_tokens":4},"#
            + #""total_tokens":\#(5 + outputTokens)}}"#
    }

    static let whole = body([reasoning, message, call])

    private static let length = #"{"reason":"max_output_tokens"}"#

    @Test("are read whole")
    func reading() throws {
        let answer = try Self.answer([Self.reasoning, Self.message, Self.call])
        #expect(
            wire.summary(of: answer)
                == AnswerSummary(
                    text: "Grüße 👋🏽",
                    toolCalls: [
                        ToolCall(id: "call_1", name: "f", arguments: #"{"a": 1, "b": 2}"#)
                    ], finishReason: "completed", terminated: true))
        let cut = try Self.answer([], status: "incomplete", details: Self.length)
        #expect(wire.summary(of: cut).finishReason == "max_output_tokens")
        #expect(wire.summary(of: ["error": ["code": "x"]]) == AnswerSummary(terminated: true))
    }

    @Test(
        "are cut by scalars with what lies within the text",
        arguments: [
            (2, "Gr", 1, 0), (5, "Grüße", 1, 1), (6, "Grüße ", 1, 1), (7, "Grüße 👋", 2, 1),
            (8, "Grüße 👋🏽", 2, 2),
        ])
    func length(_ count: Int, _ text: String, _ annotations: Int, _ tokens: Int) throws {
        let answer = try Self.answer([Self.reasoning, Self.message, Self.call])
        let edited = try #require(wire.finishedForLength(answer, characters: count))
        var message = try JSONValue.parse(text: Self.message)
        message["status"] = "incomplete"
        for (key, kept) in [("annotations", annotations), ("logprobs", tokens)] {
            let all = message["content"]?[0]?[key]?.arrayValue ?? []
            message["content"]?[0]?[key] = .array(Array(all.prefix(kept)))
        }
        message["content"]?[0]?["text"] = .string(text)
        #expect(
            edited
                == (try Self.answer(
                    [Self.reasoning, message.encodedText()], status: "incomplete",
                    details: Self.length, completedAt: "null", text: text)))
        #expect((wire.finishedForLength(edited, characters: count) == nil))
    }

    @Test("lose the whole message when nothing is kept, and refuse what is longer")
    func lengthLimits() throws {
        let answer = try Self.answer([Self.reasoning, Self.message, Self.call])
        let none = try #require(wire.finishedForLength(answer, characters: 0))
        #expect(
            none
                == (try Self.answer(
                    [Self.reasoning], status: "incomplete", details: Self.length,
                    completedAt: "null", text: "")))
        #expect(wire.finishedForLength(answer, characters: 9) == nil)
        #expect(wire.finishedForLength(answer, characters: -1) == nil)
        #expect(wire.finishedForLength(try Self.answer([Self.call]), characters: 0) == nil)
        let failed = try Self.answer([Self.message], status: "failed")
        #expect(wire.finishedForLength(failed, characters: 1) == nil)
        #expect(wire.emptied(failed) == nil)
    }

    @Test("are emptied once, to their first reasoning and its tokens")
    func emptied() throws {
        let answer = try Self.answer([Self.reasoning, Self.message, Self.reasoning, Self.call])
        let edited = try #require(wire.emptied(answer))
        #expect(edited == (try Self.answer([Self.reasoning], outputTokens: 4, text: "")))
        #expect(wire.emptied(edited) == nil)
        let cut = try Self.answer(
            [Self.message], status: "incomplete", details: Self.length, completedAt: "null")
        #expect(
            wire.emptied(cut)
                == (try Self.answer([], completedAt: "1760000000", outputTokens: 4, text: "")))
        #expect(wire.emptied(try Self.answer([Self.reasoning])) == nil)
    }

    @Test("keep the first members of the last call's arguments")
    func arguments() throws {
        let answer = try Self.answer([Self.call, Self.call, Self.message])
        let edited = try #require(wire.toolArgumentsTruncated(answer, members: 1))
        let short = Self.call.replacing(#", \"b\": 2}"#, with: "")
        #expect(short != Self.call)
        #expect(edited == (try Self.answer([Self.call, short, Self.message])))
        #expect(wire.toolArgumentsTruncated(answer, members: 2) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: -1) == nil)
        #expect(wire.toolArgumentsTruncated([:], members: 0) == nil)
    }

    @Test(
        "survive what no provider sends",
        arguments: [
            "[]", "null", #"{"output":{}}"#, #"{"status":1,"output":[null,1,[]]}"#,
            #"{"output":[{"type":"message","content":"x"},{"type":"function_call"}]}"#,
            #"{"output":[{"type":"message","content":[{"type":"output_text","text":3}]}]}"#,
        ])
    func hostile(_ body: String) throws {
        let answer = try JSONValue.parse(text: body)
        #expect(wire.summary(of: answer).text.isEmpty)
        #expect(wire.finishedForLength(answer, characters: 0) == nil)
        #expect(wire.toolArgumentsTruncated(answer, members: 0) == nil)
    }
}
