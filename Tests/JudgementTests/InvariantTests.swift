import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Invariants over a trace")
struct InvariantTests {
    @Test(
        "the end and the output",
        arguments: [
            (#"{"exit_code":3}"#, RunEnd.exited(.code(3)), "", true),
            (#"{"exit_code":0}"#, .exited(.signal(9)), "", false),
            (#"{"exit_code":0}"#, .stopped(.hung), "", false),
            (#"{"output_matches":"^refund$"}"#, .exited(.code(0)), "a refund", false),
            (#"{"output_json":true}"#, .exited(.code(0)), "", false),
        ])
    func ends(rule: String, end: RunEnd, output: String, passes: Bool) throws {
        let result = try invariant(rule).evaluate(TraceBuilder().ended(end, output: output))
        #expect(result.passed == passes, "\(result.message)")
        #expect(result.position == (passes ? nil : .end))
    }

    @Test("calls of one upstream are counted, retries too")
    func maxCalls() throws {
        var builder = TraceBuilder()
        builder.ask("openai")
        builder.ask("tools", "GET /a", kind: .tool)
        builder.ask("openai", attempt: 2)
        let trace = builder.ended()
        let rule = { (count: Int) in
            try invariant(#"{"max_calls":{"upstream":"openai","count":\#(count)}}"#)
        }
        #expect(try rule(2).evaluate(trace).passed)
        let result = try rule(1).evaluate(trace)
        #expect(!result.passed)
        #expect(result.id == "max_calls(openai) <= 1")
        #expect(result.witnesses == [ExchangeID(3)])
        #expect(result.position == .request(ExchangeID(3)))
    }

    @Test("attempts begin anew after a whole, successful answer")
    func maxAttempts() throws {
        let rule = try invariant(#"{"max_attempts":{"count":2}}"#)
        var loop = TraceBuilder()
        for _ in 0..<5 { loop.ask("openai") }
        #expect(rule.evaluate(loop.ended()).passed)
        let other = try invariant(#"{"max_attempts":{"count":2,"upstream":"tools"}}"#)
        #expect(other.evaluate(Self.refused(3)).passed)
    }

    /// One request that is refused so often.
    static func refused(_ count: Int) -> Trace {
        var builder = TraceBuilder()
        for attempt in 1...count {
            builder.ask("openai", status: 429, attempt: attempt, consumed: false)
        }
        return builder.ended()
    }

    @Test("virtual time is the sum of deliveries, or the clock")
    func maxVirtualTime() throws {
        var real = TraceBuilder()
        for _ in 0..<3 { real.ask("openai", milliseconds: 40) }
        #expect(try invariant(#"{"max_virtual_time_ms":120}"#).evaluate(real.ended()).passed)
        let slow = try invariant(#"{"max_virtual_time_ms":79}"#).evaluate(real.ended())
        #expect(slow.position == .delivery(ExchangeID(2)))
        #expect(slow.message == "the run took 120 ms of virtual time, at most 79 ms allowed")
        var virtual = TraceBuilder(clock: .virtual)
        virtual.ask("openai", at: 10)
        virtual.ask("openai", at: 90)
        let late = try invariant(#"{"max_virtual_time_ms":80}"#).evaluate(virtual.ended())
        #expect(late.position == .delivery(ExchangeID(1)))
    }

    @Test(
        "a side effect is repeated unless a key or a refusal says otherwise",
        arguments: [
            // First status, its ending, first key, second key, second body, repeated
            (200, DeliveryEnding.complete, nil, nil, #"{"b": 1, "a": 2}"#, true),
            (200, .complete, nil, nil, #"{"a":3,"b":1}"#, false),
            (200, .complete, "k", "l", #"{"a":2,"b":1}"#, true),
            (200, .complete, nil, "k", #"{"a":2,"b":1}"#, true),
            (503, .complete, nil, nil, #"{"a":2,"b":1}"#, true),
            (429, .complete, nil, nil, #"{"a":2,"b":1}"#, false),
            (408, .complete, nil, nil, #"{"a":2,"b":1}"#, true),
            (409, .complete, nil, nil, #"{"a":2,"b":1}"#, true),
            (nil, .reset, nil, nil, #"{"a":2,"b":1}"#, true),
            (nil, .hang, nil, nil, #"{"a":2,"b":1}"#, true),
        ] as [(Int?, DeliveryEnding, String?, String?, String, Bool)])
    func sideEffects(
        status: Int?, ending: DeliveryEnding, first: String?, second: String?, body: String,
        repeated: Bool
    ) throws {
        let trace = Self.refunds(status, ending, first, second, body)
        let all = try invariant(#"{"no_repeated_side_effect":true}"#).evaluate(trace)
        #expect(all.passed == !repeated)
        #expect(all.witnesses == (repeated ? [ExchangeID(1), ExchangeID(3)] : []))
        let named = try invariant(#"{"no_repeated_side_effect":{"tool":"POST /refunds"}}"#)
        #expect(named.evaluate(trace).passed == !repeated)
        let other = try invariant(#"{"no_repeated_side_effect":{"tool":"POST /mails"}}"#)
        #expect(other.evaluate(trace).passed)
    }

    /// A refund that gets this answer, a look at it, and another refund, with these keys.
    static func refunds(
        _ status: Int?, _ ending: DeliveryEnding, _ first: String?, _ second: String?,
        _ body: String = #"{"a":2,"b":1}"#
    ) -> Trace {
        var builder = TraceBuilder()
        builder.ask(
            "tools", "POST /refunds", kind: .tool, body: #"{"a":2,"b":1}"#, key: first,
            status: status, consumed: false, ending: ending)
        builder.ask("tools", "GET /refunds", kind: .tool)
        builder.ask("tools", "POST /refunds", kind: .tool, body: body, key: second)
        return builder.ended()
    }

    @Test("output that is not UTF-8 is repaired before it is matched")
    func repair() throws {
        var trace = TraceBuilder().ended()
        trace.standardOutput = [0xFF, 0x6F, 0x6B]
        #expect(try invariant(#"{"output_matches":"ok$"}"#).evaluate(trace).passed)
    }

    @Test("without any rule the agent must exit with 0")
    func implied() throws {
        #expect(try Invariant.parse(all: []).map(\.id) == ["exit_code == 0"])
        let rules = try Invariant.parse(all: [["output_json": true]])
        #expect(rules.map(\.id) == ["output_json"])
    }

    @Test(
        "what is no invariant says what is allowed",
        arguments: [
            ("0", InvariantError.Code.notOneMember, "$", "list item"),
            (#"{"exit_code":0,"output_json":true}"#, .notOneMember, "$", "list item"),
            (#"{"max_call":{}}"#, .unknownName, "$.max_call", "did you mean `max_calls`"),
            (#"{"exit_code":"0"}"#, .wrongValue, "$.exit_code", "0 to 255"),
            (#"{"exit_code":256}"#, .wrongValue, "$.exit_code", "0 to 255"),
            (#"{"max_calls":8}"#, .wrongValue, "$.max_calls", "`upstream`, `count`"),
            (#"{"max_calls":{"count":8}}"#, .missingArgument, "$.max_calls", "`upstream`"),
            (
                #"{"max_calls":{"upstream":"a","cuont":8}}"#, .unknownArgument,
                "$.max_calls.cuont", "did you mean `count`"
            ),
            (#"{"max_attempts":{"count":0}}"#, .wrongValue, "$.max_attempts.count", "from 1"),
            (#"{"output_matches":"("}"#, .invalidPattern, "$.output_matches", "regular"),
            (#"{"output_json":false}"#, .wrongValue, "$.output_json", "leave the invariant out"),
            (
                #"{"output_json_schema":{"properties":{"a":{"format":"uri"}}}}"#, .unknownKeyword,
                "$.output_json_schema.properties.a.format", "`format`"
            ),
            (
                #"{"output_json_schema":{"type":"int"}}"#, .wrongValue,
                "$.output_json_schema.type", "`integer`"
            ),
            (
                #"{"no_repeated_side_effect":{"route":"POST /a"}}"#, .unknownArgument,
                "$.no_repeated_side_effect.route", "`tool`"
            ),
        ])
    func refusals(text: String, code: InvariantError.Code, path: String, says: String) throws {
        let error = try #require(throws: InvariantError.self) { try invariant(text) }
        #expect(error.code == code)
        #expect(error.path == path)
        #expect(error.message.contains(says), "\(error.message)")
    }

    @Test("in a list, the error names the item")
    func listPath() throws {
        let error = try #require(throws: InvariantError.self) {
            try Invariant.parse(all: [["exit_code": 0], ["exit_code": -1]])
        }
        #expect(error.path == "$[1].exit_code")
    }
}
