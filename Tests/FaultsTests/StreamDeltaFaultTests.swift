import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of single fields of a stream")
struct StreamDeltaFaultTests {
    /// A fault on a sample stream, what is in its body then, and what is not any more.
    struct Row: Sendable, CustomTestStringConvertible {
        let fault: String
        let given: [JSONMember]
        let sample: String
        let present: [String]
        let absent: [String]

        init(
            _ fault: String, _ sample: String, present: [String] = [], absent: [String] = []
        ) {
            self.init(fault, [], sample, present: present, absent: absent)
        }

        init(
            _ fault: String, _ given: [JSONMember], _ sample: String,
            present: [String] = [], absent: [String] = []
        ) {
            self.fault = fault
            self.given = given
            self.sample = sample
            self.present = present
            self.absent = absent
        }

        var testDescription: String {
            "\(sample): \(fault) \(given.map { $0.value.encodedText() })"
        }
    }

    static let rows: [Row] = [
        Row(
            "done-without-finish-reason", "chat",
            present: [#""finish_reason":null"#, "[DONE]"], absent: [#""finish_reason":"tool"#]),
        Row(
            "done-without-finish-reason", "anthropic",
            present: [#""stop_reason":null,"stop_sequence""#, "message_stop"],
            absent: [#""stop_reason":"tool_use""#]),
        Row("done-without-finish-reason", "cohere", absent: ["finish_reason"]),
        Row(
            "done-without-finish-reason", "ollama chat", present: [#""done":true"#],
            absent: ["done_reason"]),
        Row("done-without-finish-reason", "converse", absent: ["stopReason"]),
        Row("drop-usage", "chat", present: ["[DONE]"], absent: ["usage", #""choices":[]"#]),
        Row("drop-usage", "responses", absent: ["usage\":{"]),
        Row(
            "drop-usage", [JSONMember("variant", "usage-zero")], "cohere",
            present: [#""input_tokens":0,"output_tokens":0"#]),
        Row(
            "drop-usage", [JSONMember("variant", "usage-null")], "gemini",
            present: [#""usageMetadata":null"#]),
        Row(
            "drop-usage", [JSONMember("variant", "usage-zero")], "ollama generate",
            present: [#""prompt_eval_count":0,"eval_count":0"#]),
        Row(
            "index-gap", "chat", present: [#""tool_calls":[{"index":1,"#],
            absent: [#""tool_calls":[{"index":0,"#]),
        Row(
            "index-gap", [JSONMember("variant", "missing-index")], "chat",
            present: [#""tool_calls":[{"id":"call_1""#], absent: [#""tool_calls":[{"index""#]),
        Row(
            "index-gap", [JSONMember("variant", "null-index")], "anthropic",
            present: [#""index":null,"content_block":{"type":"tool_use""#, #""index":1,"#],
            absent: [#""index":2"#]),
        Row(
            "index-gap", "responses", present: [#""output_index":2"#],
            absent: [#""output_index":1"#]),
        Row(
            "index-gap", "cohere", present: [#""type":"tool-call-start","index":1"#],
            absent: [#""type":"content-start","index":1"#]),
        Row(
            "repeated-tool-id-per-chunk", "chat",
            present: [
                #"{"index":0,"function":{"arguments":"{\"city\": \"Pa","name":"weather"},"#
                    + #""id":"call_1","type":"function"}"#
            ]),
        Row(
            "delta-null", "chat",
            present: [#""choices":[{"index":0,"delta":null,"finish_reason":null}]"#]),
        Row("delta-null", "gemini", present: [#""content":null"#]),
        Row(
            "delta-null", [JSONMember("variant", "choices-empty-chunk"), JSONMember("at", "last")],
            "azure", present: [#""model":"m","choices":[]}"#]),
        Row(
            "delta-null", [JSONMember("variant", "role-missing")], "gemini",
            present: [#""args":{"a":1,"role":"x"}"#], absent: [#""role":"model""#]),
        Row(
            "sse-unknown-event", [JSONMember("at", 1)], "anthropic",
            present: ["event: future_delta\ndata: {\"type\":\"future_delta\"}\n\n"]),
        Row(
            "sse-unknown-event",
            [JSONMember("at", 1), JSONMember("variant", "unknown-field-type")], "chat",
            present: [#""delta":{"future_delta":""}"#]),
        Row(
            "u2028-in-json", [JSONMember("at", 1)], "responses",
            present: ["\"delta\":\"Hello\u{2028}\"", "\"text\":\"Hello\u{2028} you\""],
            absent: [#""Hello you""#]),
        Row(
            "lone-surrogate-escape", [JSONMember("at", 2)], "chat",
            present: [#"" an alle 😀\ud83d""#]),
        Row(
            "repeated-token-loop",
            [JSONMember("at", 1), JSONMember("token", "the "), JSONMember("copies", 3)],
            "responses",
            present: [
                #""delta":"the ""#, #""text":"Hellothe the the ""#, #""sequence_number":7,"#,
                "max_output_tokens",
            ], absent: [" you"]),
        Row(
            "finish-then-more",
            [JSONMember("at", 1), JSONMember("variant", "after-terminator")], "chat",
            present: ["[DONE]\n\n" + StreamSample.chatFrames[1]]),
        Row(
            "error-event-first", "anthropic", present: [#""type":"error""#],
            absent: ["message_start"]),
    ]

    @Test("the provider's own fields are changed", arguments: rows)
    func table(row: Row) throws {
        let sample = try #require(StreamSample.named(row.sample))
        let (delivery, outcome) = apply(
            row.fault, row.given, to: sample.delivery, in: sample.context)
        #expect(outcome == .fired)
        for text in row.present { #expect(delivery.text.contains(text), "\(text)") }
        for text in row.absent { #expect(!delivery.text.contains(text), "\(text)") }
    }

    @Test(
        "where a provider has no such field, the fault says so",
        arguments: [
            ("index-gap", "gemini", "gemini gives tool calls no index"),
            ("index-gap", "ollama chat", "ollama-chat gives tool calls no index"),
            (
                "repeated-tool-id-per-chunk", "anthropic",
                "the pieces of a tool call of anthropic-messages have no place for its name"
            ),
            ("done-without-finish-reason", "responses", "the stream names no finish reason"),
            (
                "done-without-finish-reason", "gemini",
                "the stream has no terminator beside its finish reason"
            ),
            (
                "nonstream-to-stream-fallback", "gemini",
                "gemini is asked for a stream by the route"
            ),
            ("eventstream-crc", "chat", "the stream does not consist of binary messages"),
            ("newline-crlf", "converse", "the stream is not framed as server-sent events"),
        ])
    func inapplicable(fault: String, name: String, reason: String) throws {
        let sample = try #require(StreamSample.named(name))
        let given = [JSONMember("at", 1)]
        let (delivery, outcome) = apply(fault, given, to: sample.delivery, in: sample.context)
        #expect(outcome == .inapplicable(reason))
        #expect(delivery == sample.delivery)
    }

    @Test(
        "the document says what the stream says",
        arguments: [
            "chat", "mistral", "anthropic", "responses", "cohere", "ollama chat", "ollama generate",
        ])
    func document(name: String) throws {
        let sample = try #require(StreamSample.named(name))
        let (delivery, outcome) = apply(
            "nonstream-to-stream-fallback", to: sample.delivery, in: sample.context)
        #expect(outcome == .fired)
        #expect(delivery.head?.headers.first("content-type") == "application/json")
        let answer = try JSONValue.parse(delivery.bodyBytes)
        let stream = sample.wire.summary(of: sample.framing.events(of: sample.delivery.bodyBytes))
        let document = sample.wire.summary(of: answer)
        #expect(document.text == stream.text)
        #expect(document.finishReason == stream.finishReason)
        #expect(document.toolCalls.map(\.id) == stream.toolCalls.map(\.id))
        for (one, other) in zip(document.toolCalls, stream.toolCalls) {
            let arguments = try JSONValue.parse(text: one.arguments)
            #expect(arguments == (try JSONValue.parse(text: other.arguments)))
        }
    }

    @Test("each choice has its own calls, whose identity later pieces repeat")
    func choices() {
        let opening = { (choice: Int, id: String, name: String) in
            #"data: {"choices":[{"index":\#(choice),"delta":{"tool_calls":[{"index":0,"#
                + #""id":"\#(id)","function":{"name":"\#(name)","arguments":""}}]}}]}"# + "\n\n"
        }
        let piece = { (choice: Int, identity: String, name: String) in
            #"data: {"choices":[{"index":\#(choice),"delta":{"tool_calls":[{"index":0,"#
                + #""function":{"arguments":"{}"\#(name)}\#(identity)}]}}]}"# + "\n\n"
        }
        let openings = [opening(0, "a", "f"), opening(1, "b", "g")]
        let recorded = Sample.plain(
            openings + [piece(0, "", ""), piece(1, "", "")], type: "text/event-stream")
        let (delivery, outcome) = apply("repeated-tool-id-per-chunk", to: recorded)
        #expect(outcome == .fired)
        #expect(
            delivery.texts == openings + [
                piece(0, #","id":"a""#, #","name":"f""#), piece(1, #","id":"b""#, #","name":"g""#),
            ])
    }

    @Test("a loop is no longer than 16 MiB in all")
    func loopMax() throws {
        let chat = try #require(StreamSample.named("chat"))
        for (length, fires) in [(1_000, true), (2_000, false)] {
            let token = String(repeating: "x", count: length)
            let (_, outcome) = apply(
                "repeated-token-loop",
                [
                    JSONMember("at", 1), JSONMember("token", .string(token)),
                    JSONMember("copies", 10_000),
                ], to: chat.delivery, in: chat.context)
            #expect(
                outcome
                    == (fires
                        ? .fired : .inapplicable("10000 copies are more than 16777216 bytes")))
        }
    }

    @Test("the copies of the whole text count among the 16 MiB of a loop")
    func repeatedTextMax() throws {
        let responses = try #require(StreamSample.named("responses"))
        let token = String(repeating: "x", count: 1_000)
        for (copies, fires) in [(2_500, true), (5_000, false)] {
            let (delivery, outcome) = apply(
                "repeated-token-loop",
                [
                    JSONMember("at", 1), JSONMember("token", .string(token)),
                    JSONMember("copies", .int(Int64(copies))),
                ], to: responses.delivery, in: responses.context)
            #expect(
                outcome
                    == (fires
                        ? .fired
                        : .inapplicable("\(copies) copies are more than 16777216 bytes")))
            let added = delivery.bodyBytes.count - responses.delivery.bodyBytes.count
            #expect(added <= 16 << 20)
        }
    }

    @Test("signed content is kept in the document and never chosen for an edit")
    func signed() throws {
        let thinking = try #require(StreamSample.named("anthropic"))
        let (delivery, _) = apply(
            "nonstream-to-stream-fallback", to: thinking.delivery, in: thinking.context)
        #expect(delivery.text.contains(#""thinking":"Hm.","signature":"c2ln""#))
        let gemini = try #require(StreamSample.named("gemini"))
        for fault in ["u2028-in-json", "lone-surrogate-escape", "repeated-token-loop"] {
            // The third text is signed.
            #expect(drawnRange(fault, "at", gemini.delivery, in: gemini.context) == 1...2)
        }
    }
}
