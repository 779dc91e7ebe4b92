import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing
import WireProtocols

@Suite("What an agent did, read from its trace")
struct ConductTests {
    /// Requests to a model without identifiers of calls, each with one use more than before it.
    private static func gemini(_ orders: [String], first: String = "u") -> [String] {
        (0...orders.count).map { count in
            let turns = orders.prefix(count).map { order in
                #",{"role":"model","parts":[{"functionCall":{"name":"refund","args":"#
                    + #"{"order":\#(order)}}}]},{"role":"user","parts":[{"functionResponse":"#
                    + #"{"name":"refund","response":{"ok":true}}}]}"#
            }
            return #"{"contents":[{"role":"user","parts":[{"text":"\#(first)"}]}"#
                + turns.joined() + "]}"
        }
    }

    private static func run(_ bodies: [String], wire: String = "gemini") -> Trace {
        var trace = WireTrace()
        let route =
            wire == "gemini" ? "POST /v1beta/models/g:generateContent" : "POST /api/chat"
        for body in bodies { trace.ask("model", route, kind: .model, body: body, wire: wire) }
        return trace.ended()
    }

    @Test(
        "results without identifiers are of the calls of their name, in their order",
        arguments: [
            (
                #"{"tool_called":{"tool":"refund","arguments":{"order":1}}}"#,
                Expected.holds("once", [3])
            ),
            (
                #"{"tool_not_called":{"tool":"refund","arguments":{"order":2}}}"#,
                .byRequest([4])
            ),
            (#"{"no_loop":true}"#, .holds()),
            (#"{"no_duplicate_side_effect":true}"#, .holds("no effect was repeated")),
            (#"{"max_tool_calls":3}"#, .holds("3 times")),
        ])
    func withoutIdentifiers(rule: String, expected: Expected) throws {
        try expect(rule, of: Self.run(Self.gemini(["0", "1", "2"])), expected)
    }

    @Test("the same call without identifier twice is found")
    func repeated() throws {
        let trace = Self.run(Self.gemini(["7", "7"]))
        try expect(#"{"no_duplicate_side_effect":true}"#, of: trace, .byRequest([2, 3]))
    }

    @Test("several conversations without identifiers are counted apart")
    func conversations() throws {
        let trace = Self.run(Self.gemini(["0"], first: "a") + Self.gemini(["1"], first: "b"))
        try expect(#"{"max_tool_calls":2}"#, of: trace, .holds("2 times"))
        try expect(
            #"{"tool_called":{"tool":"refund","arguments":{"order":1}}}"#, of: trace,
            .holds("once", [4]))
    }

    @Test("calls of several tools in one answer are told apart by name")
    func parallel() throws {
        let calls =
            #"{"role":"assistant","tool_calls":[{"function":{"name":"find","arguments":{"q":1}}},"#
            + #"{"function":{"name":"refund","arguments":{"order":5}}}]}"#
        let results =
            #"{"role":"tool","tool_name":"refund","content":"ok"},"#
            + #"{"role":"tool","tool_name":"find","content":"b"}"#
        let trace = Self.run(
            [#"{"model":"m","messages":[{"role":"user","content":"a"},\#(calls),\#(results)]}"#],
            wire: "ollama-chat")
        for rule in [
            #"{"tool_called":{"tool":"find","arguments":{"q":1}}}"#,
            #"{"tool_called":{"tool":"refund","arguments":{"order":5}}}"#,
        ] {
            try expect(rule, of: trace, .holds("once", [1]))
        }
    }

    @Test("a result of an MCP server is one use, however its arguments were written")
    func toldByValue() throws {
        var trace = WireTrace()
        trace.model([("c1", "refund", #"{"order":7.0,"why":"late"}"#)])
        trace.ask(
            "shop", "POST /mcp",
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","#
                + #""arguments":{"why":"late","order":7}}}"#,
            .init(body: #"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#))
        trace.tell("c1", "done")
        trace.model(says: "done")
        try expect(#"{"max_tool_calls":1}"#, of: trace.ended(), .holds("once"))
    }

    @Test("a stream that says why it ended is whole without its terminator")
    func withoutTerminator() throws {
        var trace = WireTrace()
        trace.model(says: "done")
        trace.exchanges[0].answer?.terminated = false
        try expect(#"{"max_steps":0}"#, of: trace.ended(), broken(at: 1))
        trace.exchanges[0].answer?.finishReason = nil
        try expect(#"{"max_steps":0}"#, of: trace.ended(), .holds("0 steps"))
    }

    private func broken(at number: Int) -> Expected {
        Expected(witnesses: [number], position: .delivery(ExchangeID(number)), says: "")
    }

    /// An agent that asks for a tool and is told this result.
    private static func told(_ result: String) -> Trace {
        var trace = WireTrace()
        trace.model([("c1", "destroy", "{}")])
        trace.tell("c1", result)
        trace.model(says: "done")
        return trace.ended()
    }

    @Test("a call that the agent refused was not used")
    func refused() throws {
        for rule in [
            #"{"tool_not_called":{"tool":"destroy"}}"#, #"{"only_tools":["find"]}"#,
        ] {
            try expect(rule, of: Self.told("Error: destroy is not allowed"), .holds())
            // It may have been done all the same.
            try expect(rule, of: Self.told("Error: timed out"), .byRequest([2]))
            try expect(rule, of: Self.told("destroyed"), .byRequest([2]))
        }
    }

    @Test("a request that is tried again is one call of a loop")
    func retriedCall() throws {
        var trace = WireTrace()
        for status in [503, 503, 200] {
            trace.ask(
                "shop", "GET /a", at: Int64(trace.exchanges.count) * 10, .init(status: status))
        }
        try expect(#"{"no_loop":true}"#, of: trace.ended(), .holds())
        for _ in 0..<2 { trace.ask("shop", "GET /a", at: Int64(trace.exchanges.count) * 10) }
        try expect(#"{"no_loop":true}"#, of: trace.ended(), .byRequest([1, 4, 5]))
    }

    @Test("of several findings the first of the run is reported")
    func earliest() throws {
        var words = WireTrace()
        for _ in 0..<3 { words.model(says: "Go on?") }
        for _ in 0..<3 { words.ask("shop", "GET /a") }
        let loop = try invariant(#"{"no_loop":true}"#).evaluate(words.ended())
        #expect(loop.position == .delivery(ExchangeID(3)))
        // The call that begins first is broken last.
        var retries = WireTrace()
        for (path, at) in [("/a", 0), ("/b", 10), ("/b", 20), ("/a", 30), ("/a", 40)] {
            retries.ask(
                "shop", "GET \(path)", at: Int64(at),
                .init(status: 503, headers: [HeaderField("retry-after", "9")]))
        }
        let trace = retries.ended()
        try expect(#"{"retry_after_honoured":true}"#, of: trace, .byRequest([2, 3]))
        try expect(#"{"retry_budget":{"per_request":1}}"#, of: trace, .byRequest([2, 3]))
        var refused = WireTrace()
        for path in ["/a", "/b", "/b", "/a"] {
            refused.ask(
                "shop", "GET \(path)", at: Int64(refused.exchanges.count) * 10,
                .init(status: 500))
        }
        for place in refused.exchanges.indices { refused.exchanges[place].status = 404 }
        try expect(#"{"no_retry_on_permanent":true}"#, of: refused.ended(), .byRequest([2, 3]))
        var zero = WireTrace()
        for (path, at) in [("/a", 0), ("/b", 10), ("/b", 10), ("/a", 10)] {
            zero.ask(
                "shop", "GET \(path)", at: Int64(at),
                .init(status: 500, takes: path == "/a" ? 10 : 0))
        }
        try expect(#"{"backoff_grows":true}"#, of: zero.ended(), .byRequest([2, 3]))
    }

    @Test("of two answers that were cut the one that was handed back comes before the output")
    func earliestAnswer() throws {
        let text = "The refund comes to twenty euros."
        var trace = WireTrace()
        trace.model(says: text, isKept: false, .init(ending: .reset))
        trace.model(says: "Half of it", .init(ending: .reset))
        trace.tell("c1", "found")
        trace.model(says: "And more of it.")
        try expect(
            #"{"answer_complete":true}"#, of: trace.ended(output: text), .byRequest([2, 3]))
    }

    @Test("what cannot be judged is not judged, negated or not")
    func unjudged() throws {
        var real = WireTrace(clock: .real)
        let refusal = WireTrace.Answer(status: 429, headers: [HeaderField("retry-after", "9")])
        real.ask("shop", at: 0, refusal)
        real.ask("shop", at: 1)
        var calm = WireTrace()
        calm.ask("shop", at: 0, WireTrace.Answer(status: 503, fault: "http-503"))
        calm.ask("shop", at: 10)
        for (rule, trace) in [
            (#""retry_after_honoured":true"#, real.ended()), (#""latency":9"#, real.ended()),
            (#""user_informed":true"#, calm.ended()),
            (#""tool_arguments_valid":true"#, calm.ended()),
            (
                #""bound_arguments":{"from":{"tool":"a"},"to":{"tool":"b","path":"c"}}"#,
                calm.ended()
            ),
        ] {
            for text in ["{\(rule)}", #"{\#(rule),"negate":true}"#] {
                let result = try invariant(text).evaluate(trace)
                #expect(result.passed && !result.isJudged, "\(text): \(result.message)")
            }
        }
    }

    @Test("more system prompts than are looked at leave the rest unjudged")
    func manyPrompts() throws {
        func run(_ count: Int, _ output: String) -> Trace {
            var trace = WireTrace()
            for number in 0..<count {
                trace.ask(
                    "model", "POST /v1/messages", kind: .model,
                    body: #"{"system":"You are agent\#(number) of Acme, who never tells the code","#
                        + #""messages":[]}"#, wire: "anthropic-messages")
            }
            return trace.ended(output: output)
        }
        let rule = #"{"system_prompt_not_leaked":{"words":8}}"#
        try expect(rule, of: run(9, "You are agent8 of Acme, who never tells"), .atEnd([9]))
        #expect(try invariant(rule).evaluate(run(9, "no")).isJudged)
        #expect(try !invariant(rule).evaluate(run(65, "no")).isJudged)
    }
}
