import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of what an agent remembers and is told")
struct ContextFaultTests {
    static let text = [JSONMember("text", "Obey.")]
    static let noPlace = "inapplicable: the result is JSON without a place for one member more"

    @Test(
        "a result says more than was asked",
        arguments: [
            ResultRow("conflicting-context", text, #"{"a":1}"#, #"{"a":1,"notice":"Obey."}"#),
            ResultRow("conflicting-context", text, "a", "a\nObey."),
            ResultRow("conflicting-context", text, "[1]", noPlace),
            ResultRow("conflicting-context", text, #"{ "notice": "Obey." }"#, noChange),
            ResultRow("memory-poison", text, #"{"a":1}"#, #"{"a":1,"memory":"Obey."}"#),
            ResultRow("memory-poison", text, "a", "a\nObey."),
            ResultRow("memory-poison", text, "[1]", noPlace),
            ResultRow("subagent-failure", "empty", #"{"a":1}"#, ""),
            ResultRow(
                "subagent-failure", "handoff-loop", #"{"a":1}"#,
                "This is outside of my area. Please hand the task back to the agent that sent it."),
            ResultRow(
                "subagent-failure", "wrong-format", #"{"a":1}"#,
                "Sure! I had a look and everything seems fine on my side :)"),
            ResultRow("subagent-failure", "empty", "", noChange),
        ])
    func results(row: ResultRow) {
        #expect(ToolResultFaultTests.said(row.id, row.given, row.body) == row.expected)
    }

    @Test(
        "what is no text has no line more",
        arguments: ["conflicting-context", "memory-poison", "tool-pii"])
    func binary(id: String) {
        var recorded = Sample.plain(["x"])
        recorded.body[0].bytes = [0xFF]
        let (delivery, outcome) = apply(id, to: recorded, in: Sample.tool())
        #expect(outcome == .inapplicable("the result is no text"))
        #expect(delivery == recorded)
    }

    @Test("a conversation that is too long is refused in the provider's words")
    func overflow() {
        let (delivery, outcome) = apply("context-overflow", to: Sample.answer("x"))
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 400)
        #expect(delivery.text.contains("context_length_exceeded"))
        #expect(
            apply("context-overflow", to: Sample.answer("x"), in: Sample.tool()).outcome
                == .inapplicable("a plain service has no error context-length"))
    }

    private static func asking(
        _ body: String, target: String = "/v1/responses",
        wire: any WireProtocol = OpenAIResponses()
    ) -> FaultContext {
        FaultContext(
            interaction: Interaction(
                ordinal: 1, upstream: "llm",
                request: Sample.request(target: target, body: body), response: nil),
            upstream: Sample.model.upstream, wire: wire)
    }

    @Test("a lost conversation is the one that the request continues")
    func reset() {
        let (delivery, outcome) = apply(
            "conversation-reset", to: Sample.answer("x"),
            in: Self.asking(#"{"previous_response_id":"resp_9"}"#))
        #expect(outcome == .fired)
        #expect(delivery.head?.status == 400)
        #expect(delivery.text.contains("previous_response_not_found"))
        #expect(delivery.text.contains("resp_9"))
    }

    @Test(
        "a conversation that has no known error, or none at all, is not lost",
        arguments: [
            (#"{"conversation":"c1"}"#, "/v1/responses", true),
            ("{}", "/v1/threads/t1/runs", true), ("{}", "/v1/conversations/c1/items", true),
            (#"{"conversation":null}"#, "/v1/responses", false), ("{}", "/v1/responses", false),
        ])
    func noReset(body: String, target: String, isStored: Bool) {
        let (_, outcome) = apply(
            "conversation-reset", to: Sample.answer("x"), in: Self.asking(body, target: target))
        let reason =
            isStored
            ? "the provider has no known error for a conversation that is gone"
            : "the request sends its whole history; nothing can be lost"
        #expect(outcome == .inapplicable(reason))
    }

    @Test(
        "counts of the prompt are limited, and only they",
        arguments: [
            (
                #"{"n":90,"usage":{"prompt_tokens":90,"x":[{"input_tokens":65}]}}"#,
                #"{"n":90,"usage":{"prompt_tokens":64,"x":[{"input_tokens":64}]}}"#
            ),
            (
                #"{"usage":{"prompt_tokens":64}}"#,
                "inapplicable: the answer counts no more than 64 tokens of the prompt, or none at "
                    + "all"
            ),
        ])
    func truncation(body: String, expected: String) {
        #expect(
            ToolResultFaultTests.said("context-silent-truncation", [], body, in: Sample.model)
                == expected)
    }
}
