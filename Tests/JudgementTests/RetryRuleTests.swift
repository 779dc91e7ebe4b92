import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Invariants over retries on the wire")
struct RetryRuleTests {
    typealias Answer = WireTrace.Answer

    /// A request that fails and is asked again after so many milliseconds.
    static func pair(_ first: Answer, again: Int64, clock: ClockMode = .virtual) -> Trace {
        var trace = WireTrace(clock: clock)
        trace.ask("openai", kind: .model, first)
        trace.ask("openai", kind: .model, body: #"{"other":1}"#, at: 1)
        trace.ask("openai", kind: .model, at: again)
        return trace.ended()
    }

    @Test(
        "the time that a server asks for is kept",
        arguments: [
            // Status, header lines, body, when it is asked again, whether that is early
            (429, [HeaderField("Retry-After", "2")], "", 2_100, false),
            (429, [HeaderField("retry-after", "2")], "", 2_099, false),
            (429, [HeaderField("retry-after", "2")], "", 2_098, true),
            (
                429, [HeaderField("retry-after", "2"), HeaderField("retry-after-ms", "1500")], "",
                1_600, false
            ),
            (503, [HeaderField("retry-after", "0.5")], "", 598, true),
            (500, [HeaderField("retry-after", "2")], "", 200, false),
            (429, [HeaderField("retry-after", "inf")], "", 200, false),
            (429, [HeaderField("retry-after", "99999999999999999999")], "", 200, false),
            (429, [HeaderField("x-ratelimit-reset-tokens", "6m0s")], "", 200, true),
            (429, [HeaderField("x-ratelimit-reset-tokens", "90ms")], "", 191, false),
            (
                429,
                [
                    HeaderField("x-ratelimit-remaining-requests", "4"),
                    HeaderField("x-ratelimit-reset-requests", "6m0s"),
                ], "", 200, false
            ),
            (
                429,
                [
                    HeaderField("date", "Sat, 28 Feb 2026 23:59:58 GMT"),
                    HeaderField("retry-after", "Sun, 01 Mar 2026 00:00:03 GMT"),
                ], "", 5_098, true
            ),
            (
                529,
                [
                    HeaderField("date", "Sat, 28 Feb 2026 23:59:58 GMT"),
                    HeaderField(
                        "anthropic-ratelimit-requests-reset", "2026-03-01T00:00:03Z"),
                ], "", 5_100, false
            ),
            (
                429, [],
                #"{"error":{"code":429,"details":[{"@type":"RetryInfo","retryDelay":"46s"}]}}"#,
                46_000, true
            ),
        ] as [(Int, [HeaderField], String, Int64, Bool)])
    func retryAfter(
        status: Int, headers: [HeaderField], body: String, again: Int64, isEarly: Bool
    ) throws {
        let refusal = Answer(
            status: status, headers: HeaderFields(headers), body: body, takes: 100)
        try expect(
            #"{"retry_after_honoured":true}"#, of: RetryRuleTests.pair(refusal, again: again),
            isEarly ? .byRequest([1, 3], "was asked again after") : .holds())
    }

    @Test("tolerance, another upstream and a real clock")
    func retryAfterOptions() throws {
        let refusal = Answer(status: 429, headers: [HeaderField("retry-after", "2")])
        let trace = RetryRuleTests.pair(refusal, again: 1_500)
        try expect(
            #"{"retry_after_honoured":{"tolerance_ms":500}}"#, of: trace, .holds("", [1, 3]))
        try expect(#"{"retry_after_honoured":{"upstream":"other"}}"#, of: trace, .holds())
        try expect(
            #"{"retry_after_honoured":true}"#,
            of: RetryRuleTests.pair(refusal, again: 1_500, clock: .real), .holds("real clock"))
    }

    @Test(
        "what is refused for good is not asked again",
        arguments: [
            (
                [], #"{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}"#,
                "`insufficient_quota`"
            ),
            ([HeaderField("x-should-retry", "false")], "", "x-should-retry: false"),
        ] as [([HeaderField], String, String)])
    func permanent(headers: [HeaderField], body: String, says: String) throws {
        let refusal = Answer(status: 429, headers: HeaderFields(headers), body: body)
        for clock in [ClockMode.virtual, .real] {
            try expect(
                #"{"retry_after_honoured":true}"#,
                of: RetryRuleTests.pair(refusal, again: 60_000, clock: clock),
                .byRequest([1, 3], says))
        }
    }

    /// Attempts that fail at once, with these delays between them.
    static func attempts(
        _ delays: [Int64], _ failure: Answer = Answer(status: 500, takes: 10)
    ) -> Trace {
        var trace = WireTrace()
        var at: Int64 = 0
        for delay in delays {
            trace.ask("openai", kind: .model, at: at, failure)
            at += (failure.closedAfter ?? failure.takes) + delay
        }
        trace.ask("openai", kind: .model, at: at)
        return trace.ended()
    }

    @Test(
        "delays grow",
        arguments: [
            ("true", [500, 500], Expected.holds()), ("true", [500, 400, 375], .holds()),
            ("true", [500, 1000, 700], .byRequest([2, 3, 4], "before was 1000 ms")),
            (#"{"jitter":0}"#, [500, 499], .byRequest([1, 2, 3])),
            (#"{"cap_ms":800}"#, [500, 1000, 700], .holds()),
            (#"{"cap_ms":800}"#, [500, 1000, 599], .byRequest([2, 3, 4])),
            ("true", [0, 500], .byRequest([1, 2], "without any delay")),
            (#"{"after":1}"#, [0, 500, 900], .holds()),
            (#"{"jitter":1}"#, [500, 0, 20], .holds()),
        ] as [(String, [Int64], Expected)])
    func backoff(options: String, delays: [Int64], expected: Expected) throws {
        try expect(
            #"{"backoff_grows":\#(options)}"#, of: RetryRuleTests.attempts(delays), expected)
    }

    @Test("a delay begins when the agent gives up, and the server's own are left out")
    func backoffBounds() throws {
        let rule = #"{"backoff_grows":true}"#
        let hang = Answer(status: nil, ending: .hang, closedAfter: 30_000)
        try expect(rule, of: RetryRuleTests.attempts([500, 1000], hang), .holds())
        try expect(rule, of: RetryRuleTests.attempts([500, 200], hang), .byRequest([1, 2, 3]))
        let told = Answer(status: 429, headers: [HeaderField("retry-after", "1")])
        try expect(rule, of: RetryRuleTests.attempts([900, 100], told), .holds())
        var real = WireTrace(clock: .real)
        real.ask("openai", kind: .model, Answer(status: 500))
        real.ask("openai", kind: .model)
        try expect(rule, of: real.ended(), .holds("clock was real"))
        #expect(try invariant(rule).evaluate(real.ended()).isJudged == false)
    }

    @Test(
        "some statuses are for good",
        arguments: [
            ("true", 422, [], Expected.byRequest([1, 3])),
            ("true", 404, [HeaderField("x-should-retry", "true")], .holds()),
            (#"{"statuses":[409]}"#, 404, [], .holds()),
            (#"{"statuses":[409]}"#, 409, [], .byRequest([1, 3])),
            (#"{"upstream":"other"}"#, 400, [], .holds()),
        ] as [(String, Int, [HeaderField], Expected)])
    func statuses(
        options: String, status: Int, headers: [HeaderField], expected: Expected
    ) throws {
        let refusal = Answer(status: status, headers: HeaderFields(headers))
        try expect(
            #"{"no_retry_on_permanent":\#(options)}"#,
            of: RetryRuleTests.pair(refusal, again: 10), expected)
    }

    @Test("the requests of a logical call and of a run are counted")
    func budget() throws {
        var trace = WireTrace()
        for index in 0..<3 {
            trace.ask("openai", at: Int64(index) * 10, Answer(status: index < 2 ? 500 : 200))
        }
        // The same request again, after it succeeded: another call.
        trace.ask("openai", at: 40)
        trace.ask("openai", at: 50, Answer(takes: 10))
        // While the one before is being answered: no retry.
        trace.ask("openai", at: 55)
        let ended = trace.ended()
        try expect(
            #"{"retry_budget":{"per_request":3}}"#, of: ended, .holds("4 logical calls took 6"))
        try expect(
            #"{"retry_budget":{"per_request":2}}"#, of: ended,
            .byRequest([1, 2, 3], "took 3 requests, at most 2"))
        try expect(#"{"retry_budget":{"amplification":1.5}}"#, of: ended, .holds())
        try expect(
            #"{"retry_budget":{"amplification":1.499}}"#, of: ended,
            .atEnd([2, 3], "at most 1.499 times"))
        try expect(
            #"{"retry_budget":{"per_request":1,"upstream":"tools"}}"#, of: ended,
            .holds("0 requests"))
    }

    @Test(
        "after failures in a row an upstream is left alone",
        arguments: [
            // When the third request and the fourth are asked, and what the third gets
            (1_010, 2_011, 500, Expected.byRequest([1, 2, 3, 4], "9 ms before the pause")),
            (1_010, 1_030, 200, .holds("left alone", [2])),
            (1_010, 1_015, 200, .byRequest([1, 2, 4], "the probe (exchange 3)")),
        ] as [(Int64, Int64, Int, Expected)])
    func circuit(third: Int64, fourth: Int64, status: Int, expected: Expected) throws {
        let trace = Self.failingTwice(third, fourth, status)
        try expect(
            #"{"circuit_breaker":{"failures":2,"pause_ms":1000}}"#, of: trace, expected)
        try expect(
            #"{"circuit_breaker":{"failures":5,"pause_ms":1000}}"#, of: trace,
            .holds("no upstream failed 5 times"))
    }

    /// After two failures a third request, which gets this status, and a fourth.
    static func failingTwice(_ third: Int64, _ fourth: Int64, _ status: Int) -> Trace {
        var trace = WireTrace()
        trace.ask("shop", "GET /a", at: 0, Answer(status: 503, takes: 10))
        trace.ask("shop", "GET /b", at: 0, Answer(status: nil, ending: .reset, takes: 10))
        trace.ask("shop", "GET /c", at: third, Answer(status: status, takes: 10))
        trace.ask("shop", "GET /d", at: fourth, Answer(takes: 10))
        return trace.ended()
    }

    @Test("what a caller did wrong, and what was asked before, opens no circuit")
    func closedCircuit() throws {
        let rule = #"{"circuit_breaker":{"failures":2,"pause_ms":1000,"upstream":"shop"}}"#
        var wrong = WireTrace()
        for at in 0..<4 { wrong.ask("shop", "GET /\(at)", at: Int64(at), Answer(status: 404)) }
        try expect(rule, of: wrong.ended(), .holds("no upstream failed"))
        var together = WireTrace()
        for name in ["a", "b", "c"] {
            together.ask("shop", "GET /\(name)", at: 0, Answer(status: 503, takes: 10))
        }
        try expect(rule, of: together.ended(), .holds("left alone"))
        together.ask("shop", "GET /d", at: 10)
        try expect(rule, of: together.ended(), .byRequest([1, 2, 4]))
    }

    /// One model fails, and perhaps another is asked.
    static func failover(to model: String?, status: Int = 200, output: String) -> Trace {
        var trace = WireTrace()
        let body = { (name: String) in #"{"model":"\#(name)","messages":[]}"# }
        trace.ask(
            "openai", kind: .model, body: body("gpt-4o"), wire: "openai-chat",
            Answer(status: 503, fault: "http-503"))
        if let model {
            trace.ask(
                model == "claude" ? "anthropic" : "openai", kind: .model, body: body(model), at: 5,
                wire: "openai-chat",
                Answer(
                    status: status,
                    body: #"{"object":"chat.completion","choices":[{"message":{"content":"a"}}]}"#))
        }
        return trace.ended(output: output)
    }

    @Test("another upstream or model stands in, and the user is told")
    func failover() throws {
        let used = #"{"failover_used":{"from":"openai","to":"anthropic"}}"#
        let model = #"{"failover_used":{"from":"gpt-4o","to":"gpt-4o-mini"}}"#
        let told = #"{"failover_disclosed":true}"#
        let none = RetryRuleTests.failover(to: nil, output: "sorry")
        let other = RetryRuleTests.failover(to: "claude", output: "by a BACKUP model")
        let silent = RetryRuleTests.failover(to: "gpt-4o-mini", output: "done")
        try expect(used, of: silent, .atEnd([1]))
        try expect(model, of: silent, .holds("", [1, 2]))
        try expect(model, of: other, .atEnd([1]))
        try expect(told, of: none, .holds("no model stood in"))
        try expect(#"{"failover_disclosed":{"words":["DONE"]}}"#, of: silent, .holds())
        var retried = WireTrace()
        retried.ask("openai", kind: .model, Answer(status: 503))
        retried.ask("openai", kind: .model)
        try expect(used, of: retried.ended(), .holds("openai did not fail"))
        try expect(told, of: retried.ended(), .holds("no model stood in"))
    }

    @Test(
        "arguments that make no sense are refused with their place",
        arguments: [
            (#"{"retry_after_honoured":{"tolerance":1}}"#, "$.retry_after_honoured.tolerance"),
            (#"{"retry_after_honoured":false}"#, "$.retry_after_honoured"),
            (#"{"backoff_grows":{"jitter":2}}"#, "$.backoff_grows.jitter"),
            (#"{"no_retry_on_permanent":{"statuses":[]}}"#, "$.no_retry_on_permanent.statuses"),
            (
                #"{"no_retry_on_permanent":{"statuses":[400,200]}}"#,
                "$.no_retry_on_permanent.statuses[1]"
            ),
            (#"{"retry_budget":{}}"#, "$.retry_budget"),
            (#"{"retry_budget":{"per_request":0}}"#, "$.retry_budget.per_request"),
            (#"{"retry_budget":{"amplification":0.5}}"#, "$.retry_budget.amplification"),
            (#"{"retry_budget":{"amplification":"2"}}"#, "$.retry_budget.amplification"),
            (#"{"circuit_breaker":{"failures":2}}"#, "$.circuit_breaker"),
            (
                #"{"circuit_breaker":{"failures":0,"pause_ms":1}}"#, "$.circuit_breaker.failures"
            ),
            (#"{"failover_used":{"from":"a"}}"#, "$.failover_used"),
            (#"{"failover_disclosed":{"words":[]}}"#, "$.failover_disclosed.words"),
            (#"{"recovers_within":{}}"#, "$.recovers_within"),
            (#"{"recovers_within":{"calls":0}}"#, "$.recovers_within.calls"),
            (#"{"completes_after_faults":0}"#, "$.completes_after_faults"),
            (#"{"user_informed":{"words":[""]}}"#, "$.user_informed.words[0]"),
            (#"{"graceful_error":{}}"#, "$.graceful_error"),
        ])
    func refusals(text: String, path: String) throws {
        let error = try #require(throws: InvariantError.self) { try invariant(text) }
        #expect(error.path == path, "\(error.message)")
    }
}
