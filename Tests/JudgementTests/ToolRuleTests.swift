import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing
import WireProtocols

/// Judges a trace and compares what is said.
func expect(
    _ rule: String, of trace: Trace, _ expected: Expected,
    at location: SourceLocation = #_sourceLocation
) throws {
    expect(try invariant(rule).evaluate(trace), expected, at: location)
}

/// Compares what a rule said.
func expect(
    _ result: InvariantResult, _ expected: Expected, at location: SourceLocation = #_sourceLocation
) {
    let comment: Comment = "\(result.id): \(result.message) \(result.witnesses)"
    #expect(result.passed == (expected.position == nil), comment, sourceLocation: location)
    #expect(result.position == expected.position, comment, sourceLocation: location)
    #expect(
        expected.says.isEmpty || result.message.contains(expected.says), comment,
        sourceLocation: location)
    if let witnesses = expected.witnesses {
        #expect(result.witnesses.map(\.number) == witnesses, comment, sourceLocation: location)
    }
}

@Suite("Invariants over the use of tools")
struct ToolRuleTests {
    /// A model asks to find and to refund; a tool over HTTP is called besides.
    static var usual: Trace {
        var trace = WireTrace()
        trace.model([("c1", "find", #"{"query":"Order 7"}"#)])
        trace.tell("c1", #"{"order":{"id":7,"note":"paid"}}"#)
        trace.model([("c2", "refund", #"{"order":7}"#)])
        trace.ask("shop", "POST /orders/7/mail", body: #"{"to":"a","copies":2.0}"#)
        trace.tell("c2", "refunded")
        trace.model(says: "all done")
        return trace.ended()
    }

    @Test(
        "tools that are called, not called, in order and allowed",
        arguments: [
            (#"{"tool_called":{"tool":"find"}}"#, Expected.holds("once", [2])),
            (#"{"tool_called":{"tool":"POST /orders/*/mail"}}"#, .holds("once", [3])),
            (
                #"{"tool_called":{"tool":"find","arguments":{"query":{"$matches":"^Order \\d"}}}}"#,
                .holds("once", [2])
            ),
            (
                #"{"tool_called":{"tool":"find","arguments":{"query":"Order"}}}"#,
                .atEnd([], "with any arguments: once")
            ),
            (
                #"{"tool_called":{"tool":"POST /**","arguments":{"copies":2}}}"#,
                .holds("once", [3])
            ),
            (
                #"{"tool_called":{"tool":"find","at_least":0,"at_most":0}}"#,
                .byRequest([2], "at most 0 times")
            ),
            (#"{"tool_called":{"tool":"delete"}}"#, .atEnd([], "never used")),
            (#"{"tool_not_called":{"tool":"delete"}}"#, .holds()),
            (#"{"tool_not_called":{"tool":"refund","arguments":{"order":8}}}"#, .holds()),
            (
                #"{"tool_order":{"tools":["refund","find"]}}"#,
                .atEnd([4], "find was not used after")
            ),
            (
                #"{"tool_order":{"tools":["find","POST /orders/7/mail","refund"],"mode":"exact"}}"#,
                .holds("", [2, 3, 4])
            ),
            (
                #"{"tool_order":{"tools":["find","refund"],"mode":"exact"}}"#,
                .byRequest([3], "use 2 is of `POST /orders/7/mail`, not of refund")
            ),
            (#"{"tool_order":{"tools":["find"],"mode":"exact"}}"#, .byRequest([3])),
            (
                #"{"tool_order":{"tools":["refund","find"],"mode":"any_order"}}"#,
                .holds("", [2, 3, 4])
            ),
            (
                #"{"tool_order":{"tools":["find","find"],"mode":"any_order"}}"#,
                .atEnd([2], "used once, at least 2 times")
            ),
            (#"{"only_tools":["find","refund","POST /orders/*/mail"]}"#, .holds()),
            (#"{"only_tools":["find","refund"]}"#, .byRequest([3], "POST /orders/7/mail")),
        ])
    func calls(rule: String, expected: Expected) throws {
        try expect(rule, of: ToolRuleTests.usual, expected)
    }

    @Test("an order that is cut short is broken at the end")
    func shortOrder() throws {
        var trace = WireTrace()
        trace.model([("c1", "find", #"{"query":"a"}"#)])
        trace.tell("c1", "nothing")
        trace.model()
        try expect(
            #"{"tool_order":{"tools":["find","refund"],"mode":"exact"}}"#, of: trace.ended(),
            .atEnd([2], "refund was not used: the run ended before"))
    }

    @Test(
        "arguments fit the schema that was offered",
        arguments: [
            ("refund", "", "refunded", Expected.byRequest([1, 2], "lacks order")),
            ("refund", #"{"order":"#, "refunded", .byRequest([1, 2], "no JSON")),
            ("destroy", "{}", "destroyed", .byRequest([1, 2], "did not offer it")),
            // The agent refused by itself.
            ("destroy", "{}", "Error: unknown tool", .holds("not judged: no call")),
            ("refund", #"{"order":"7"}"#, #"{"error":"order must be a number"}"#, .holds()),
            ("destroy", "{}", "errors: none", .byRequest([1, 2])),
        ])
    func arguments(
        tool: String, arguments: String, result: String, expected: Expected
    ) throws {
        let trace = Self.carriedOut(tool, arguments, result)
        try expect(#"{"tool_arguments_valid":true}"#, of: trace, expected)
    }

    /// One call with its result.
    static func carriedOut(
        _ tool: String, _ arguments: String, _ result: String, finish: String? = nil
    ) -> Trace {
        var trace = WireTrace()
        trace.model([("c1", tool, arguments)], finish: finish)
        trace.tell("c1", result)
        trace.model()
        return trace.ended()
    }

    @Test("keywords that are not checked are named, and the rest is")
    func unchecked() throws {
        var trace = WireTrace()
        trace.tools =
            #"{"type":"function","function":{"name":"pay","parameters":{"type":"OBJECT","#
            + #""properties":{"sum":{"anyOf":[{"type":"number"}]},"to":{"type":"STRING"}}}}}"#
        trace.model([("c1", "pay", #"{"sum":"a lot","to":"me"}"#)])
        trace.tell("c1", "paid")
        trace.model()
        try expect(
            #"{"tool_arguments_valid":true}"#, of: trace.ended(),
            .holds("not checked of the schemas: `anyOf`"))
        trace.tell("c2", "paid")
        trace.model([("c3", "pay", #"{"to":3}"#)])
        trace.tell("c3", "paid")
        trace.model()
        try expect(
            #"{"tool_arguments_valid":true}"#, of: trace.ended(),
            .byRequest([3, 4], "expected string"))
    }

    @Test("no tool runs on the word of a cut answer")
    func truncated() throws {
        let rule = #"{"no_act_on_truncated":true}"#
        let call = ("c1", "refund", #"{"order":7}"#)
        let refused = Self.carriedOut(
            call.1, call.2, "Error: the answer was cut", finish: "length")
        try expect(rule, of: refused, .holds())
        var retried = WireTrace()
        retried.model([call], finish: "length", isKept: false)
        retried.model([call])
        retried.tell("c1", "refunded")
        retried.model()
        try expect(rule, of: retried.ended(), .holds())
        let unfinished =
            #"{"id":"m","type":"message","role":"assistant","stop_reason":null,"#
            + #""content":[{"type":"tool_use","id":"c1","name":"refund","input":{"order":7}}]}"#
        let result = #"{"type":"tool_result","tool_use_id":"c1","content":"refunded"}"#
        for (sent, says) in [(unfinished.utf8.count, ""), (unfinished.utf8.count - 1, "was cut")] {
            var anthropic = WireTrace()
            anthropic.ask(
                "anthropic", "POST /v1/messages", kind: .model, body: #"{"messages":[]}"#,
                wire: "anthropic-messages", .init(body: unfinished, sent: sent))
            anthropic.exchanges[0].answer?.toolCalls = [
                ToolCall(id: "c1", name: "refund", arguments: #"{"order":7}"#)
            ]
            anthropic.ask(
                "anthropic", "POST /v1/messages", kind: .model,
                body: #"{"messages":[{"role":"assistant","content":[{"type":"tool_use","#
                    + #""id":"c1","name":"refund","input":{"order":7}}]},"#
                    + #"{"role":"user","content":[\#(result)]}]}"#,
                at: 5, wire: "anthropic-messages", .init(body: unfinished))
            try expect(
                rule, of: anthropic.ended(), says.isEmpty ? .holds() : .byRequest([1, 2], says))
            anthropic.exchanges[0].answer?.terminated = false
            try expect(rule, of: anthropic.ended(), .byRequest([1, 2]))
        }
        var backwards = WireTrace()
        backwards.model([("c1", "refund", #"{"order":8}"#)], isKept: false)
        backwards.model([call], finish: "length")
        backwards.tell("c1", "refunded")
        backwards.model()
        try expect(rule, of: backwards.ended(), .byRequest([2, 3]))
    }

    @Test(
        "no effect twice",
        arguments: [
            // Rule, first call and its result, second call, what is said
            ("true", "refund", #"{"order":7}"#, "done", #"{"order":7.0}"#, false),
            (
                #"{"key_argument":"order"}"#, "refund", #"{"order":7}"#, "done",
                #"{"order":7.0}"#, false
            ),
            ("true", "GetOrder", "{}", "done", "{}", true), ("true", "Read", "{}", "a", "{}", true),
            ("true", "LIST_ALL", "{}", "a", "{}", true),
            ("true", "Getaway", "{}", "a", "{}", false),
            ("true", "refund", #"{"order":7}"#, "Error: no such order", #"{"order":7}"#, true),
            ("true", "refund", #"{"order":7}"#, "Error: timed out", #"{"order":7}"#, false),
            ("true", "find", #"{"query":"a"}"#, "done", #"{"query":"a"}"#, true),
            (#"{"tools":["find"]}"#, "find", #"{"query":"a"}"#, "b", #"{"query":"a"}"#, false),
            (#"{"tools":["find"]}"#, "refund", #"{"order":7}"#, "b", #"{"order":7}"#, true),
            (
                #"{"key_argument":"order"}"#, "refund", #"{"order":7,"why":"a"}"#, "done",
                #"{"order":7,"why":"b"}"#, false
            ),
            (
                #"{"key_argument":"order"}"#, "refund", #"{"order":7,"why":"a"}"#, "done",
                #"{"order":8,"why":"a"}"#, true
            ),
        ])
    func effects(
        options: String, tool: String, first: String, result: String, second: String, holds: Bool
    ) throws {
        try expect(
            #"{"no_duplicate_side_effect":\#(options)}"#,
            of: Self.twice(tool, first, result, second),
            holds ? .holds() : .byRequest([2, 3], "used twice"))
    }

    /// A tool is used, and used again.
    static func twice(
        _ tool: String, _ first: String, _ result: String, _ second: String
    ) -> Trace {
        var trace = WireTrace()
        trace.model([("c1", tool, first)])
        trace.tell("c1", result)
        trace.model([("c2", tool, second)])
        trace.tell("c2", "done")
        trace.model()
        return trace.ended()
    }

    @Test("a call of an MCP server that is sent again counts")
    func serverTwice() throws {
        let body = { (id: Int, name: String) in
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","#
                + #""params":{"name":"\#(name)","arguments":{"order":7}}}"#
        }
        let refusal =
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params"}}"#
        for (answer, holds) in [
            (WireTrace.Answer(status: nil, ending: .reset), false),
            (.init(body: refusal), true),
            (.init(status: 401, body: "no"), true),
        ] {
            var trace = WireTrace()
            trace.ask("shop", "POST /mcp", body: body(1, "refund"), answer)
            trace.ask(
                "shop", "POST /mcp", body: body(2, "refund"), at: 5,
                .init(body: #"{"jsonrpc":"2.0","id":2,"result":{"content":[]}}"#))
            try expect(
                #"{"no_duplicate_side_effect":true}"#, of: trace.ended(),
                holds ? .holds() : .byRequest([1, 2]))
        }
    }

    @Test(
        "after an unclear failure one reads before one writes again",
        arguments: [
            ("Error: timed out", "Error: 503", false), ("Error: card declined", nil, true),
            ("charged", nil, true),
        ] as [(String, String?, Bool)])
    func verification(first: String, reading: String?, holds: Bool) throws {
        let trace = Self.charged(first, reading)
        try expect(
            Self.verified, of: trace, holds ? .holds() : .byRequest([2, trace.exchanges.count]))
    }

    static let verified =
        #"{"verify_before_retry":{"write":"charge","read":["get_charge"]}}"#

    /// A charge with this result, perhaps a look at it with that one, and the charge again.
    static func charged(_ first: String, _ reading: String?) -> Trace {
        var trace = WireTrace()
        trace.model([("c1", "charge", "{}")])
        trace.tell("c1", first)
        if let reading {
            trace.model([("c2", "get_charge", "{}")])
            trace.tell("c2", reading)
        }
        trace.model([("c3", "charge", "{}")])
        trace.tell("c3", "charged")
        trace.model()
        return trace.ended()
    }

    @Test("calls that are asked for together are no retries of one another")
    func together() throws {
        var trace = WireTrace()
        trace.model([("c1", "charge", #"{"a":1}"#), ("c2", "charge", #"{"a":2}"#)])
        trace.tell("c1", "Error: timed out")
        trace.tell("c2", "charged")
        trace.model()
        let rule = #"{"verify_before_retry":{"write":"charge","read":"get_charge"}}"#
        try expect(rule, of: trace.ended(), .holds("", [2]))
    }

    @Test(
        "a value comes from an earlier result",
        arguments: [
            (#"{"order":{"id":"7"}}"#, "/order/id", Expected.holds("", [2, 3])),
            (#"{"orders":[{"id":5},{"id":7}]}"#, "orders.*.id", .holds("", [2, 3])),
            (#"{"orders":[{"id":5},{"id":7}]}"#, "orders.0.id", .byRequest([3], "`7`")),
            ("found order 7, paid.", nil, .holds("", [2, 3])),
            ("found order 77.", nil, .byRequest([3])),
            (#"{"error":"timed out","id":7}"#, "id", .byRequest([3])),
        ] as [(String, String?, Expected)])
    func binding(result: String, path: String?, expected: Expected) throws {
        let place = path.map { #","path":"\#($0)""# } ?? ""
        try expect(
            #"{"bound_arguments":{"from":{"tool":"find"\#(place)},"#
                + #""to":{"tool":"refund","path":"order"}}}"#, of: Self.bound(result), expected)
    }

    /// What was found has this text, and order 7 is refunded.
    static func bound(_ result: String) -> Trace {
        var trace = WireTrace()
        trace.model([("c1", "find", #"{"query":"a"}"#)])
        trace.tell("c1", result)
        trace.model([("c2", "refund", #"{"order":7}"#)])
        trace.tell("c2", "refunded")
        trace.model()
        return trace.ended()
    }

    @Test("a result that the model did not know yet is no source")
    func bindingTooLate() throws {
        var trace = WireTrace()
        trace.model([("c1", "find", #"{"query":"a"}"#), ("c2", "refund", #"{"order":7}"#)])
        trace.tell("c1", "order 7")
        trace.tell("c2", "refunded")
        trace.model()
        try expect(
            #"{"bound_arguments":{"from":{"tool":"find"},"to":{"tool":"refund","path":"order"}}}"#,
            of: trace.ended(), .byRequest([2]))
    }

    @Test(
        "arguments that make no sense are refused with their place",
        arguments: [
            (#"{"tool_called":{}}"#, "$.tool_called"),
            (#"{"tool_called":{"tool":"a","at_most":0}}"#, "$.tool_called.at_most"),
            (#"{"tool_called":{"tool":"a","arguments":3}}"#, "$.tool_called.arguments"),
            (
                #"{"tool_not_called":{"tool":"a","arguments":{"b":[{"$matches":"("}]}}}"#,
                "$.tool_not_called.arguments.b[0].$matches"
            ),
            (
                #"{"tool_not_called":{"tool":"a","arguments":{"b":{"$matches":"x","c":1}}}}"#,
                "$.tool_not_called.arguments.b.$matches"
            ),
            (#"{"tool_order":{"tools":[]}}"#, "$.tool_order.tools"),
            (#"{"tool_order":{"tools":["a"],"mode":"any"}}"#, "$.tool_order.mode"),
            (#"{"only_tools":[3]}"#, "$.only_tools[0]"),
            (#"{"tool_arguments_valid":false}"#, "$.tool_arguments_valid"),
            (#"{"verify_before_retry":{"write":"a"}}"#, "$.verify_before_retry"),
            (
                #"{"bound_arguments":{"from":{"tool":"a"},"to":{"tool":"b"}}}"#,
                "$.bound_arguments.to"
            ),
            (#"{"no_duplicate_side_effect":{"tool":"a"}}"#, "$.no_duplicate_side_effect.tool"),
        ])
    func refusals(text: String, path: String) throws {
        let error = try #require(throws: InvariantError.self) { try invariant(text) }
        #expect(error.path == path, "\(error.message)")
    }
}
