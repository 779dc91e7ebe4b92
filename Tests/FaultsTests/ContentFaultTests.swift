import Cassette
import Determinism
import Testing
import WireProtocols

@testable import Faults

@Suite("Faults of what a model says")
struct ContentFaultTests {
    static let tools =
        #"[{"type":"function","function":{"name":"refund","parameters":{"#
        + #""type":"object","properties":{"id":{"type":"integer","maximum":99},"#
        + #""mode":{"type":"string","enum":["full","part"]},"dry_run":{"type":"boolean"}},"#
        + #""required":["id","dry_run"]}}}]"#
    static let request =
        #"{"model":"m","messages":[{"role":"system","content":"Be brief."},"#
        + #"{"role":"assistant","tool_calls":[{"id":"c0","type":"function","function":{"#
        + #""name":"look_up","arguments":"{\"id\":5}"}}]}],"tools":\#(tools)}"#

    static let context = FaultContext(
        interaction: Interaction(
            ordinal: 1, upstream: "llm", request: Sample.request(body: request), response: nil),
        upstream: Upstream(name: "llm", kind: .model, address: "https://llm.example"),
        wire: Sample.wire)

    /// An answer that calls a tool.
    static let call = Sample.plain([
        #"{"id":"x","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","#
            + #""content":null,"tool_calls":[{"id":"c1","type":"function","function":{"#
            + #""name":"refund","arguments":"{\"id\":7,\"mode\":\"full\",\"dry_run\":true}"}}]},"#
            + #""finish_reason":"tool_calls"}],"usage":{"prompt_tokens":90}}"#
    ])

    /// What the answer says after a fault, as the adapters of SDKs read it.
    static func said(
        _ id: String, _ given: [JSONMember] = [], of delivery: Delivery = call
    ) throws -> AnswerContent {
        let (edited, outcome) = apply(id, given, to: delivery, in: context)
        #expect(outcome == .fired)
        return try #require(Sample.wire.content(of: try JSONValue.parse(edited.bodyBytes)))
    }

    @Test(
        "arguments break in the way that is asked for",
        arguments: [
            ("tool-args-invalid-json", "unclosed", #"{"id":7,"mode":"full","dry_run":true,"#),
            ("tool-args-invalid-json", "single-quotes", "{'id':7,'mode':'full','dry_run':true}"),
            (
                "tool-args-invalid-json", "trailing-comma",
                #"{"id":7,"mode":"full","dry_run":true,}"#
            ),
            ("tool-args-empty", "empty", ""), ("tool-args-empty", "null", "null"),
            ("tool-args-non-object", "array", #"[7,"full",true]"#),
            ("tool-args-non-object", "number", "42"),
            ("tool-args-missing-required", "missing", #"{"mode":"full","dry_run":true}"#),
            (
                "tool-args-missing-required", "extra-field",
                #"{"id":7,"mode":"full","dry_run":true,"unexpected_field":"value"}"#
            ),
            (
                "tool-args-missing-required", "out-of-range",
                #"{"id":100,"mode":"full","dry_run":true}"#
            ),
        ])
    func arguments(id: String, variant: String, expected: String) throws {
        let content = try Self.said(
            id, [JSONMember("variant", .string(variant)), JSONMember("member", 1)])
        #expect(content.calls.map(\.arguments) == [expected])
        #expect(content.calls.map(\.name) == ["refund"])
        #expect(content.finish == .toolCalls)
    }

    @Test("an argument is of another type, or names a thing of an earlier call")
    func values() throws {
        let member = [JSONMember("member", 1)]
        #expect(
            try Self.said("tool-args-wrong-type", member).calls.first?.arguments
                == #"{"id":"7","mode":"full","dry_run":true}"#)
        #expect(
            try Self.said("tool-args-wrong-entity", member).calls.first?.arguments
                == #"{"id":5,"mode":"full","dry_run":true}"#)
    }

    @Test("names and identifiers of calls are changed, and only they")
    func names() throws {
        #expect(try Self.said("tool-name-hallucinated").calls.map(\.name) == ["refunds"])
        #expect(try Self.said("tool-name-empty").calls.map(\.name) == [""])
        #expect(try Self.said("tool-not-offered").calls.map(\.name) == ["look_up"])
        #expect(try Self.said("tool-id-missing").calls.map(\.id) == [nil])
        let across = [JSONMember("variant", "across-turns")]
        #expect(try Self.said("tool-id-duplicate", across).calls.map(\.id) == ["c0"])
        #expect(try Self.said("tool-id-duplicate").calls.map(\.id) == ["c1", "c1"])
    }

    @Test("calls multiply, with identifiers of their own")
    func burst() throws {
        let calls = try Self.said("parallel-tools-burst", [JSONMember("calls", 50)]).calls
        #expect(calls.count == 50)
        #expect(Set(calls.map { $0.id ?? "" }).count == 50)
        #expect(Set(calls.map { $0.arguments ?? "" }).count == 1)
    }

    @Test("the model calls again what it called before, or gives up too early")
    func loops() throws {
        let again = try Self.said("tool-call-repeat", of: Sample.answer("All done."))
        #expect(again.calls.map(\.name) == ["look_up"])
        #expect(again.calls.map(\.arguments) == [#"{"id":5}"#])
        #expect(again.text.isEmpty)
        #expect(again.finish == .toolCalls)
        let final = try Self.said("premature-final")
        #expect(final.calls.isEmpty)
        #expect(final.finish == .stop)
        let text = try Self.said("tool-call-as-text").text
        #expect(text.hasPrefix("<tool_call>\n{\"name\":\"refund\",\"arguments\":{\"id\":7"))
    }

    @Test(
        "an answer ends for another reason",
        arguments: [
            ("content-filter-mid", [JSONMember("at", 3)], "All", AnswerFinish.contentFilter),
            ("finish-length-mislabelled", [JSONMember("at", 3)], "All", .stop),
            ("reasoning-eats-budget", [], "", .length),
            ("tool-stop-without-tools", [], "All done.", .toolCalls),
            ("system-prompt-echo", [], "My instructions are: Be brief.\n\nAll done.", .stop),
            ("hallucinated-citation-id", [], "All done. [source: doc-7f3a91]", .stop),
        ] as [(String, [JSONMember], String, AnswerFinish)])
    func finishes(
        id: String, given: [JSONMember], text: String, finish: AnswerFinish
    ) throws {
        let content = try Self.said(id, given, of: Sample.answer("All done."))
        #expect(content.text == text)
        #expect(content.finish == finish)
    }

    @Test("a refusal stands in its own place, or in the text")
    func refusals() throws {
        let native = try Self.said("refusal", of: Sample.answer("All done."))
        #expect(native.parts == [.refusal("I'm sorry, but I can't help with that.")])
        let text = try Self.said(
            "refusal", [JSONMember("variant", "text"), JSONMember("text", "No.")],
            of: Sample.answer("All done."))
        #expect(text.parts == [.text("No.")])
    }

    @Test(
        "what another provider has is inapplicable here",
        arguments: ["pause-turn", "safety-block-prompt", "recitation-block"])
    func foreign(id: String) {
        let (_, outcome) = apply(id, to: Sample.answer("All done."), in: Self.context)
        guard case .inapplicable = outcome else {
            Issue.record("\(id) fired")
            return
        }
    }

    @Test("counts of the prompt are no more than the limit")
    func truncation() throws {
        let (delivery, outcome) = apply(
            "context-silent-truncation", to: Self.call, in: Self.context)
        #expect(outcome == .fired)
        #expect(delivery.text.hasSuffix(#""usage":{"prompt_tokens":64}}"#))
    }

    @Test(
        "what a request offers and has called is read in every provider's form",
        arguments: [
            (
                #"{"tools":[{"name":"a","input_schema":{"required":["x"]}}],"system":"S","messages":["#
                    + #"{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"b","#
                    + #""input":{"k":1}}]}]}"#, "t"
            ),
            (
                #"{"tools":[{"functionDeclarations":[{"name":"a","parameters":{"required":["x"]}}]}],"#
                    + #""systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"model","#
                    + #""parts":[{"functionCall":{"id":"t","name":"b","args":{"k":1}}}]}]}"#, "t"
            ),
            (
                #"{"toolConfig":{"tools":[{"toolSpec":{"name":"a","inputSchema":{"json":{"required":["#
                    + #""x"]}}}}]},"system":[{"text":"S"}],"messages":[{"role":"assistant","#
                    + #""content":[{"toolUse":{"toolUseId":"t","name":"b","input":{"k":1}}}]}]}"#,
                "t"
            ),
            (
                #"{"tools":[{"type":"function","name":"a","parameters":{"required":["x"]}}],"#
                    + #""instructions":"S","input":[{"type":"function_call","call_id":"t","name":"b","#
                    + #""arguments":"{\"k\":1}"}]}"#, "t"
            ),
        ])
    func requests(body: String, id: String) {
        let request = ModelRequest(Sample.request(body: body))
        #expect(request.offered.map(\.name) == ["a"])
        #expect(request.offered.first?.required == ["x"])
        #expect(request.calls == [AnswerCall(id: id, name: "b", arguments: #"{"k":1}"#)])
        #expect(request.systemPrompt == "S")
    }
}
