import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Invariants over what is used up")
struct BudgetRuleTests {
    /// Two steps with a failure between them, and a call over HTTP.
    private static var usual: Trace {
        var trace = WireTrace()
        trace.model([("c1", "find", #"{"query":"a"}"#)])
        trace.tell("c1", "found")
        trace.ask("shop", "GET /orders")
        trace.model(isKept: false, WireTrace.Answer(status: 503, body: "{}"))
        trace.model(says: "done")
        return trace.ended()
    }

    @Test(
        "steps and calls are counted",
        arguments: [
            (#"{"max_steps":2}"#, WitnessPosition?.none, "2 steps"),
            (#"{"max_steps":1}"#, .delivery(ExchangeID(4)), "at most 1 allowed"),
            (#"{"max_model_calls":3}"#, nil, "3 times"),
            (#"{"max_model_calls":2}"#, .request(ExchangeID(4)), "3 times"),
            (#"{"max_tool_calls":2}"#, nil, "2 times"),
            (#"{"max_tool_calls":1}"#, .request(ExchangeID(3)), "2 times"),
            (#"{"max_tool_calls":{"count":0,"tool":"find"}}"#, .request(ExchangeID(3)), "find"),
            (#"{"max_tool_calls":{"count":0,"tool":"refund"}}"#, nil, "0 times"),
        ])
    func counts(rule: String, position: WitnessPosition?, says: String) throws {
        let result = try invariant(rule).evaluate(Self.usual)
        #expect(result.position == position, "\(rule): \(result.message)")
        #expect(result.passed == (position == nil))
        #expect(result.message.contains(says), "\(result.message)")
    }

    static func answer(_ model: String, _ usage: String) -> Trace {
        var trace = WireTrace()
        for counts in usage.split(separator: " ") {
            let numbers = counts.split(separator: "+")
            let usage =
                numbers.count == 2
                ? #","usage":{"prompt_tokens":\#(numbers[0]),"completion_tokens":\#(numbers[1])}"#
                : ""
            trace.ask(
                "openai", kind: .model,
                body: #"{"model":"\#(model)","messages":[{"role":"user","content":"a"}]}"#,
                wire: "openai-chat",
                WireTrace.Answer(
                    body: #"{"object":"chat.completion","choices":[{"index":0,"message":"#
                        + #"{"role":"assistant","content":"b"},"finish_reason":"stop"}]\#(usage)}"#)
            )
        }
        return trace.ended()
    }

    @Test(
        "tokens are counted as answers tell them",
        arguments: [
            (#"{"token_budget":330}"#, "100+10 200+20", 0, "300 tokens of input and 30 of output"),
            (#"{"token_budget":{"input":99}}"#, "100+10 200+20", 1, "input came to 100"),
            (#"{"token_budget":{"output":29}}"#, "100+10 200+20", 2, "output came to 30"),
            (#"{"token_budget":330}"#, "100+10 ?", 0, "not judged: 1 answer did not say"),
            (#"{"token_budget":109}"#, "100+10 ?", 1, "came to 110 tokens"),
            (#"{"token_budget":1}"#, "?", 0, "not judged: 1 answer did not say"),
            (
                #"{"token_budget":5}"#, "9223372036854775807+9223372036854775807", 1,
                "came to 9223372036854775807"
            ),
        ])
    func tokens(rule: String, usage: String, broken: Int, says: String) throws {
        let result = try invariant(rule).evaluate(Self.answer("gpt-4o", usage))
        #expect(result.position == (broken > 0 ? .delivery(ExchangeID(broken)) : nil))
        #expect(result.message.contains(says), "\(result.message)")
        #expect(result.isJudged == !says.hasPrefix("not judged"))
    }

    @Test(
        "cost is exact",
        arguments: [
            // 1,000 times 2.50 and 100 times 10.00, for a million: 0.0035.
            ("gpt-4o", "0.0035", "1000+100", 0, "the answers cost 0.0035 USD"),
            ("gpt-4o-2024-08-06", "0.0035", "1000+100", 0, "0.0035 USD"),
            ("gpt-4o", "0.003499", "1000+100", 1, "at most 0.003499 USD allowed"),
            ("gpt-4o-mini", "0.0035", "1000+100", 0, "cost 0.00021 USD"),
            ("other", "1", "1000+100", 0, "not judged: there is no price for \"other\""),
            ("gpt-4o", "1", "1+1 ?", 0, "not judged: exchange 2 does not say"),
            ("gpt-4o", "0", "1+0 ?", 1, "at most 0 USD"),
        ])
    func cost(model: String, limit: String, usage: String, broken: Int, says: String) throws {
        let result = try invariant(Self.priced(limit)).evaluate(Self.answer(model, usage))
        #expect(result.position == (broken > 0 ? .delivery(ExchangeID(broken)) : nil))
        #expect(result.message.contains(says), "\(result.message)")
        #expect(result.isJudged == !says.hasPrefix("not judged"))
    }

    /// A rule over the cost, with prices of two models.
    static func priced(_ limit: String) -> String {
        #"{"cost_budget":{"usd":\#(limit),"prices":{"gpt-4o*":{"input_per_million":2.5,"#
            + #""output_per_million":"10.00"},"gpt-4o-mini":{"input_per_million":0.15,"#
            + #""output_per_million":0.6}}}}"#
    }

    /// A model answers after 20 milliseconds; the agent writes an error first, and then its output.
    static func speaking(at milliseconds: Int64?) -> Trace {
        var trace = WireTrace()
        trace.model(says: "done", at: 20)
        var ended = trace.ended()
        ended.append(.output(.standardError, byteCount: 3), at: .zero)
        if let milliseconds {
            ended.append(
                .output(.standardOutput, byteCount: 3),
                at: SimInstant(nanoseconds: milliseconds * 1_000_000))
        }
        return ended
    }

    @Test("the first output has its moment")
    func firstOutput() throws {
        let rule = #"{"time_to_first_output_ms":50}"#
        try expect(rule, of: Self.speaking(at: nil), .atEnd([], "no output"))
        let real = try invariant(rule).evaluate(WireTrace(clock: .real).ended())
        #expect(real.passed && !real.isJudged)
    }

    static func uses(_ calls: String) -> Trace {
        var trace = WireTrace()
        for (index, call) in calls.enumerated() {
            trace.model([("c\(index)", "find", #"{"query": "\#(call)"}"#)])
            trace.tell("c\(index)", "nothing")
        }
        trace.model(says: "done")
        return trace.ended()
    }

    @Test(
        "loops of calls are found",
        arguments: [
            ("abcdefa", "true", Expected.holds()),
            ("abcaxa", "true", .byRequest([2, 5, 7], "3 times")),
            ("abcaxxa", "true", .holds()),
            ("aaa", #"{"same":4}"#, .holds()),
            ("ababab", #"{"same":4}"#, .byRequest([2, 3, 4, 5, 6, 7], "in a row")),
            ("ababa", #"{"same":4}"#, .holds()),
            ("abcdabcdabcd", #"{"same":4}"#, .byRequest(Array(2...13), "in a row")),
            ("aaa", #"{"except":["find"]}"#, .holds()),
        ])
    func loops(calls: String, arguments: String, expected: Expected) throws {
        try expect(#"{"no_loop":\#(arguments)}"#, of: Self.uses(calls), expected)
    }

    @Test("several tasks in one run may need the same calls")
    func tasks() throws {
        var all = WireTrace()
        for task in 0..<4 {
            for answer in [
                "",
                #",{"role":"assistant","content":null,"tool_calls":[{"id":"c\#(task)","#
                    + #""function":{"name":"now","arguments":"{}"}}]},{"role":"tool","#
                    + #""tool_call_id":"c\#(task)","content":"noon"}"#,
            ] {
                all.ask(
                    "openai", kind: .model,
                    body: #"{"messages":[{"role":"user","content":"task \#(task)"}\#(answer)]}"#,
                    wire: "openai-chat")
            }
        }
        try expect(#"{"no_loop":true}"#, of: all.ended(), .holds())
        try expect(#"{"max_tool_calls":4}"#, of: all.ended(), .holds("4 times"))
    }

    @Test("a model that says the same again and again is a loop")
    func wordLoop() throws {
        var trace = WireTrace()
        for _ in 0..<3 { trace.model(says: "Shall I go on?") }
        let result = try invariant(#"{"no_loop":true}"#).evaluate(trace.ended())
        #expect(result.position == .delivery(ExchangeID(3)))
        #expect(result.message.contains("\"Shall I go on?\" 3 times"))
        var apart = WireTrace()
        for _ in 0..<3 { apart.model(says: "positive", isKept: false) }
        try expect(#"{"no_loop":true}"#, of: apart.ended(), .holds())
    }

    @Test("progress is a new call or a new result")
    func progress() throws {
        try expect(#"{"progress":2}"#, of: Self.uses("abc"), .holds("1 step"))
        #expect(try !invariant(#"{"progress":2}"#).evaluate(WireTrace().ended()).isJudged)
    }

    @Test("ten thousand exchanges are judged by every budget")
    func many() throws {
        var trace = WireTrace()
        for index in 0..<10_000 { trace.ask("shop", "POST /orders", body: #"{"n":\#(index)}"#) }
        let conduct = Conduct(trace.ended())
        for rule in [#"{"no_loop":true}"#, #"{"progress":5}"#, #"{"no_pii":true}"#] {
            #expect(try invariant(rule).evaluate(conduct).passed)
        }
        #expect(try !invariant(#"{"max_tool_calls":9999}"#).evaluate(conduct).passed)
    }

    @Test(
        "wrong arguments are named with their place",
        arguments: [
            (#"{"max_steps":"2"}"#, "$.max_steps"),
            (#"{"max_tool_calls":{"tool":"a"}}"#, "$.max_tool_calls"),
            (#"{"token_budget":{}}"#, "$.token_budget"),
            (#"{"cost_budget":{"usd":0.0000001,"prices":{}}}"#, "$.cost_budget.usd"),
            (#"{"cost_budget":{"usd":1e2,"prices":{}}}"#, "$.cost_budget.usd"),
            (#"{"cost_budget":{"usd":1,"prices":{}}}"#, "$.cost_budget.prices"),
            (
                #"{"cost_budget":{"usd":1,"prices":{"a":{"input_per_million":-1}}}}"#,
                "$.cost_budget.prices.a.input_per_million"
            ),
            (#"{"no_loop":{"same":1}}"#, "$.no_loop.same"),
            (#"{"no_loop":{"same":5,"window":4}}"#, "$.no_loop.window"),
            (#"{"progress":1}"#, "$.progress"),
            (#"{"time_to_first_output_ms":true}"#, "$.time_to_first_output_ms"),
        ])
    func wrong(text: String, path: String) throws {
        let error = try #require(throws: InvariantError.self) { try invariant(text) }
        #expect(error.path == path)
    }
}
