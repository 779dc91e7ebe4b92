import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of what a model says, one by one")
struct AnswerTableTests {
    private static func variant(_ word: String) -> [JSONMember] {
        [JSONMember("variant", .string(word))]
    }

    static let texts = [
        ResultRow("response-drift", variant("format-change"), "a b", "- a b"),
        ResultRow(
            "response-drift", variant("tone-shift"), "a", "Hey there!! a Hope that helps, buddy!"),
        ResultRow(
            "response-drift", variant("refusal-rephrase"), "a",
            "I'm not able to answer that with certainty. That said: a"),
        ResultRow(
            "response-drift", variant("json-field-rename"), #"{\"k\":1}"#, #"{"k_value":1}"#),
        ResultRow("wrong-language", [JSONMember("language", "fr")], "a", french),
        ResultRow("huge-output", [JSONMember("bytes", 5)], "ab", "ababab"),
        ResultRow(
            "structured-output-invalid", variant("missing-member"), #"{\"k\":1,\"n\":2}"#,
            #"{"k":1}"#),
        ResultRow(
            "structured-output-invalid", variant("extra-member"), #"{\"k\":1}"#,
            #"{"k":1,"confidence_note":"high"}"#),
        ResultRow(
            "structured-output-invalid", variant("wrong-type"), #"{\"k\":\"v\"}"#,
            #"{"k":["v"]}"#),
        ResultRow(
            "structured-output-invalid", variant("wrong-type"), #"{\"k\":1}"#, #"{"k":"1"}"#),
        ResultRow(
            "structured-output-invalid", variant("fenced"), #"{\"k\":1}"#,
            "```json\n{\"k\":1}\n```"),
        ResultRow("structured-output-invalid", variant("truncated"), #"{\"k\":1}"#, #"{"k"#),
    ]

    private static let french = "Désolé, je ne peux répondre qu'en français."

    @Test("a text becomes exactly this", arguments: texts)
    func text(row: ResultRow) throws {
        let content = try ContentFaultTests.said(row.id, row.given, of: Sample.answer(row.body))
        #expect(content.text == row.expected)
        #expect(content.finish == .stop)
    }

    @Test(
        "what has no text, or none of the kind, is left alone",
        arguments: [
            ("response-drift", [], "", "the answer has no text that could drift"),
            (
                "response-drift", variant("json-field-rename"), "a",
                "the text of the answer is no JSON object with members"
            ),
            ("wrong-language", [], "", "the answer has no text"),
            ("huge-output", [], "", "the answer has no text to repeat"),
            ("structured-output-invalid", [], "a", "the text of the answer is no JSON object"),
            ("content-and-tool-calls", [], "a", "the answer calls no tool"),
            ("model-substituted", [], "a", "the answer names no model"),
            ("tool-id-format", [], "a", "the answer calls no tool"),
            ("parallel-tools-reordered", [], "a", "the answer calls no tool"),
            ("logprob-null", [], "a", "the answer has no member usage"),
        ] as [(String, [JSONMember], String, String)])
    func noText(id: String, given: [JSONMember], text: String, reason: String) {
        let recorded = Sample.answer(text)
        let (delivery, outcome) = apply(id, given, to: recorded, in: ContentFaultTests.context)
        #expect(outcome == .inapplicable(reason))
        #expect(delivery == recorded)
    }

    @Test("text stands beside calls; another model answers; identifiers are of another form")
    func calls() throws {
        let beside = try ContentFaultTests.said("content-and-tool-calls")
        #expect(beside.text == "Let me look that up for you.")
        #expect(beside.calls.map(\.name) == ["refund"])
        #expect(try ContentFaultTests.said("model-substituted").model == "substitute-model-mini")
        let long = try ContentFaultTests.said("tool-id-format").calls.first?.id
        #expect(long?.utf8.count == 125)
        let odd = try ContentFaultTests.said(
            "tool-id-format", Self.variant("illegal-characters"))
        #expect(odd.calls.first?.id == "call:0/é#1")
    }

    @Test("calls come in the opposite order; one call has none")
    func reordered() throws {
        let two = apply(
            "parallel-tools-burst", [JSONMember("calls", 2)], to: ContentFaultTests.call,
            in: ContentFaultTests.context
        ).delivery
        let before = try #require(
            Sample.wire.content(of: try JSONValue.parse(two.bodyBytes))?.calls)
        let after = try ContentFaultTests.said("parallel-tools-reordered", of: two).calls
        #expect(after == Array(before.reversed()))
        #expect(
            apply(
                "parallel-tools-reordered", to: ContentFaultTests.call,
                in: ContentFaultTests.context
            ).outcome == .inapplicable("the answer calls one tool only"))
    }

    /// A context whose history holds one call with this identifier.
    private static func remembering(_ id: String) -> FaultContext {
        var interaction = ContentFaultTests.context.interaction
        interaction.request = Sample.request(
            body: ContentFaultTests.request.replacing("\"c0\"", with: "\"\(id)\""))
        return FaultContext(
            interaction: interaction, upstream: ContentFaultTests.context.upstream,
            wire: Sample.wire)
    }

    @Test("a call that is made again has an identifier that nobody had")
    func repeated() throws {
        let (delivery, outcome) = apply(
            "tool-call-repeat", to: Sample.answer("Done."), in: Self.remembering("call_001"))
        #expect(outcome == .fired)
        let content = try #require(
            Sample.wire.content(of: try JSONValue.parse(delivery.bodyBytes)))
        #expect(content.calls.map(\.id) == ["call_002"])
    }

    @Test("calls that multiply have identifiers that nobody had")
    func burst() throws {
        let recorded = Sample.plain([
            ContentFaultTests.call.text.replacing("\"c1\"", with: "\"call_001\"")
        ])
        let (delivery, outcome) = apply(
            "parallel-tools-burst", [JSONMember("calls", 4)], to: recorded,
            in: Self.remembering("call_003"))
        #expect(outcome == .fired)
        let content = try #require(
            Sample.wire.content(of: try JSONValue.parse(delivery.bodyBytes)))
        #expect(content.calls.map(\.id) == ["call_001", "call_002", "call_004", "call_005"])
    }

    /// The answer that calls a tool, with other arguments.
    private static func calling(_ arguments: String) -> Delivery {
        let old = #""{\"id\":7,\"mode\":\"full\",\"dry_run\":true}""#
        return Sample.plain([ContentFaultTests.call.text.replacing(old, with: arguments)])
    }

    @Test("a call without arguments may get one more, and loses none")
    func noArguments() throws {
        let recorded = Self.calling(#""{}""#)
        let context = ContentFaultTests.context
        #expect(
            drawnRange("tool-args-missing-required", "member", recorded, in: context) == 1...1)
        let given = [JSONMember("variant", "extra-field"), JSONMember("member", 1)]
        let content = try ContentFaultTests.said(
            "tool-args-missing-required", given, of: recorded)
        #expect(content.calls.map(\.arguments) == [#"{"unexpected_field":"value"}"#])
        let missing = [JSONMember("variant", "missing"), JSONMember("member", 1)]
        #expect(
            apply("tool-args-missing-required", missing, to: recorded, in: context).outcome
                == .inapplicable("the tool call has 0 arguments, not 1"))
        #expect(
            apply("tool-args-empty", Self.variant("object"), to: recorded, in: context).outcome
                == .inapplicable("the arguments are an object without members already"))
    }

    @Test("a number without bounds is never out of range")
    func unbounded() {
        let context = ContentFaultTests.context
        let given = [JSONMember("variant", "out-of-range"), JSONMember("member", 1)]
        #expect(
            apply(
                "tool-args-missing-required", given, to: Self.calling(#""{\"cents\":5}""#),
                in: context
            ).outcome == .inapplicable("the argument cents cannot be changed so"))
    }

    @Test("an answer whose list is empty has no choice")
    func choices() {
        let (delivery, outcome) = apply("empty-choices", to: Sample.answer("a"))
        #expect(outcome == .fired)
        #expect(delivery.text == #"{"choices":[]}"#)
        #expect(
            apply("empty-choices", to: delivery).outcome
                == .inapplicable("the answer has no list of choices"))
    }

    @Test(
        "a field that nobody needs is of another type",
        arguments: [
            ("null", #"{"usage":null}"#), ("absent", "{}"), ("zero", #"{"usage":0}"#),
            ("text", #"{"usage":"{\"n\":1}"}"#),
        ])
    func fields(variant: String, expected: String) {
        let said = ToolResultFaultTests.said(
            "logprob-null", Self.variant(variant), #"{"usage":{"n":1}}"#, in: Sample.model)
        #expect(said == expected)
    }

    @Test("the answer to an earlier request comes again, where it says something else")
    func stale() {
        let earlier = Interaction(
            ordinal: 1, upstream: "llm", request: Sample.request(),
            response: RecordedResponse(
                status: 200, headers: [HeaderField("content-type", "application/json")],
                chunks: [Chunk(at: .zero, bytes: Sample.answer("old").bodyBytes)]))
        let context = FaultContext(
            interaction: Sample.model.interaction, upstream: Sample.model.upstream,
            wire: Sample.wire, earlier: earlier)
        let (delivery, outcome) = apply(
            "stale-cached-response", to: Sample.answer("new"), in: context)
        #expect(outcome == .fired)
        #expect(delivery == Delivery(earlier))
        #expect(
            apply("stale-cached-response", to: Sample.answer("old"), in: context).outcome
                == .inapplicable("the earlier answer of this route says the same"))
        #expect(
            apply("stale-cached-response", to: Sample.stream("<A>."), in: context).outcome
                == .inapplicable("the earlier answer is framed in another way"))
    }

    @Test("a call that could not be read leaves an empty answer, where a provider says so")
    func malformed() throws {
        let form = try #require(AnswerForm.all.first { $0.wire.id == Gemini().id })
        var interaction = Sample.model.interaction
        interaction.request = Sample.request(target: form.target)
        let context = FaultContext(
            interaction: interaction, upstream: Sample.model.upstream, wire: form.wire)
        let (delivery, outcome) = apply(
            "malformed-function-call", to: Sample.plain([form.call]), in: context)
        #expect(outcome == .fired)
        #expect(delivery.text.contains("MALFORMED_FUNCTION_CALL"))
        #expect(!delivery.text.contains("refund"))
        #expect(apply("malformed-function-call", to: Sample.answer("a")).outcome != .fired)
    }

    @Test(
        "blanks between the members are no change",
        arguments: [
            ("tool-stop-without-tools", [], #""content":"a""#, "tool_calls"),
            ("empty-content", [], #""content":"""#, "stop"),
            ("finish-length", [JSONMember("at", 1)], #""content":"a""#, "length"),
            ("model-substituted", [JSONMember("model", "m-1")], #""content":"a""#, "stop"),
            ("logprob-null", [JSONMember("field", "id")], #""content":"a""#, "stop"),
        ] as [(String, [JSONMember], String, String)])
    func blanks(id: String, given: [JSONMember], message: String, finish: String) {
        let recorded = Sample.plain([
            "{ \"id\": null, \"model\": \"m-1\",\n  \"choices\": [ { \"index\": 0, "
                + "\"message\": { \"role\": \"assistant\", \(message) },\n"
                + "    \"finish_reason\": \"\(finish)\" } ] }\n"
        ])
        let (delivery, outcome) = apply(id, given, to: recorded)
        #expect(outcome != .fired)
        #expect(delivery == recorded)
    }

    @Test("events that are cut into chunks otherwise are no change")
    func chunkings() {
        var stream = Sample.stream("<>.")
        stream.body = [Chunk(at: .milliseconds(30), bytes: stream.bodyBytes)]
        for id in ["empty-content", "tool-name-empty"] {
            let (delivery, outcome) = apply(id, to: stream)
            #expect(outcome != .fired, "\(id)")
            #expect(delivery == stream)
        }
        let drift = apply("seed-drift", [JSONMember("fingerprint", "f")], to: marked("f"))
        #expect(drift.outcome != .fired)
        #expect(drift.delivery == marked("f"))
    }

    /// A stream of one chunk whose events name a fingerprint.
    private func marked(_ fingerprint: String) -> Delivery {
        var stream = Sample.stream("A")
        let event = "data: { \"system_fingerprint\": \"\(fingerprint)\", \"choices\": [ ] }\n\n"
        stream.body[0].bytes = Array((event + event).utf8)
        return stream
    }
}
