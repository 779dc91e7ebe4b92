import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Invariants over what comes after faults")
struct RecoveryRuleTests {
    typealias Answer = WireTrace.Answer

    /// A tool that fails by a fault, and so many times after it; then it answers, or never.
    static func failing(_ times: Int, answers: Bool = true) -> WireTrace {
        var trace = WireTrace()
        trace.ask("shop", "GET /a", Answer(status: 503, takes: 10, fault: "http-503"))
        for index in 0..<times {
            trace.ask("shop", "GET /a", at: 100 + Int64(index) * 100, Answer(status: 503))
        }
        trace.ask("other", "GET /b", at: 1_000)
        if answers { trace.ask("shop", "GET /a", at: 2_000, Answer(takes: 10)) }
        return trace
    }

    @Test(
        "an upstream recovers in time",
        arguments: [
            (#"{"calls":3}"#, 2, true, Expected.holds("3 further requests", [1, 5])),
            (#"{"ms":2000}"#, 0, true, .holds("", [1, 3])),
            (#"{"calls":5}"#, 2, false, .atEnd([1], "gave no whole answer after")),
            (#"{"ms":5}"#, 0, false, .atEnd([1])),
            (
                #"{"calls":2}"#, 2, false,
                Expected(witnesses: [1, 3], position: .delivery(ExchangeID(3)), says: "2 further")
            ),
            (
                #"{"ms":1999}"#, 0, true,
                Expected(
                    witnesses: [1, 3], position: .delivery(ExchangeID(3)),
                    says: "after 2000 ms, at most 1999 ms")
            ),
        ] as [(String, Int, Bool, Expected)])
    func recovery(options: String, times: Int, answers: Bool, expected: Expected) throws {
        let trace = RecoveryRuleTests.failing(times, answers: answers).ended()
        try expect(#"{"recovers_within":\#(options)}"#, of: trace, expected)
    }

    @Test("without a fault, and where the changed answer is whole, nothing has to recover")
    func nothingToRecover() throws {
        var calm = WireTrace()
        calm.ask("shop", "GET /a", Answer(status: 503))
        try expect(#"{"recovers_within":{"calls":1}}"#, of: calm.ended(), .holds("no fault fired"))
        var slow = WireTrace()
        slow.ask("shop", "GET /a", Answer(body: "late", takes: 9_000, fault: "latency"))
        try expect(#"{"recovers_within":{"ms":1}}"#, of: slow.ended(), .holds("", [1, 1]))
    }

    @Test("a run comes through the faults, or does not")
    func completion() throws {
        let rule = #"{"completes_after_faults":true}"#
        let trace = RecoveryRuleTests.failing(1)
        try expect(rule, of: trace.ended(.exited(.code(1))), .atEnd([1], "exited with code 1"))
        try expect(rule, of: trace.ended(.stopped(.hung)), .atEnd([1]))
        try expect(rule, of: WireTrace().ended(.exited(.code(1))), .holds("no fault fired"))
        var server = trace.ended(.dismissed(.code(0)), output: "")
        var asked = AskedRecord(request: RecordedRequest(method: "POST", target: "/chat"))
        (asked.ending, asked.status) = (.complete, 200)
        server.asked = [asked]
        try expect(rule, of: server, .holds())
        server.asked[0].status = 500
        try expect(rule, of: server, .atEnd([1], "POST /chat with status 500"))
    }

    @Test(
        "the user is told of what stayed undone",
        arguments: [
            (false, "", "lookup FAILED", Expected.holds("`failed`", [2])),
            (false, "All is well.", "lookup failed", .atEnd([2])),
            (true, "All is well.", "", .holds("left nothing undone")),
        ])
    func informed(answers: Bool, output: String, error: String, expected: Expected) throws {
        let ended = Self.undone(output, error: error, answers: answers)
        try expect(#"{"user_informed":true}"#, of: ended, expected)
        try expect(
            #"{"user_informed":{"words":["IS WELL","failed","IT UP"]}}"#, of: ended, .holds())
    }

    /// A tool fails by a fault and once more, and perhaps it answers then.
    static func undone(_ output: String, error: String = "", answers: Bool = false) -> Trace {
        var trace = WireTrace()
        trace.ask("shop", "GET /a", Answer(status: 503, fault: "http-503"))
        trace.ask("shop", "GET /a", at: 10, Answer(status: 503))
        if answers { trace.ask("shop", "GET /a?page=2", at: 20) }
        trace.ask("other", "GET /b", at: 30)
        return trace.ended(output: output, error: error)
    }

    @Test("another model makes up for one that failed; a bad end leaves the task undone")
    func madeUp() throws {
        let rule = #"{"user_informed":true}"#
        var trace = WireTrace()
        trace.ask("openai", kind: .model, Answer(status: 503, fault: "http-503"))
        try expect(rule, of: trace.ended(output: "well"), .atEnd([1]))
        trace.ask("anthropic", kind: .model, at: 10)
        try expect(rule, of: trace.ended(output: "well"), .holds("left nothing undone"))
        try expect(rule, of: trace.ended(.exited(.code(2)), output: "well"), .atEnd([1], "code 2"))
        try expect(rule, of: WireTrace().ended(.exited(.code(2))), .holds("no fault fired"))
    }

    @Test(
        "a failure is told in plain words",
        arguments: [
            ("", "shop is down", Expected.holds()), ("", " ", .atEnd([], "sees nothing")),
            ("Sorry.", "Traceback (most recent call last):", .holds()),
            ("", "Traceback (most recent call last):\n  File \"a.py\"", .atEnd([], "stack trace")),
            ("I looked at it (at 10:30)", "", .holds()),
            ("goroutine 1 [running]:", "", .atEnd([], "stack trace")),
            ("openai.RateLimitError: slow down", "", .atEnd([], "class name `RateLimitError`")),
            ("An Exception, an ERROR, a terror", "", .holds()),
            ("ConnectionException", "", .atEnd([], "class name")),
            ("<HTML><body>502</body>", "", .atEnd([], "HTML: `<html`")),
            ("if a < b then sorry", "", .holds()),
            (
                "key sk-ant-api03-" + String(repeating: "aB3dE6gH9k", count: 9) + "aB3-xY7zQAA", "",
                .atEnd([], "a secret")
            ),
        ])
    func graceful(output: String, error: String, expected: Expected) throws {
        let trace = WireTrace()
        try expect(
            #"{"graceful_error":true}"#,
            of: trace.ended(.exited(.code(1)), output: output, error: error), expected)
        // A run that did not fail may say what it likes.
        try expect(
            #"{"graceful_error":true}"#, of: trace.ended(output: output, error: error),
            .holds("did not fail"))
    }

    @Test("ten thousand exchanges are judged by every rule")
    func large() throws {
        var trace = WireTrace()
        for index in 0..<10_000 {
            trace.ask(
                "shop", "GET /\(index % 3 == 0 ? 7 : index)", at: Int64(index) * 3,
                Answer(status: index % 5 == 4 ? 503 : 200, takes: 1, fault: "http-503"))
        }
        let conduct = Conduct(trace.ended())
        for rule in [
            #"{"tool_order":{"tools":["a"]}}"#, #"{"no_act_on_truncated":true}"#,
            #"{"no_duplicate_side_effect":{"tools":["GET /**"]}}"#,
            #"{"bound_arguments":{"from":{"tool":"GET /**"},"to":{"tool":"a","path":"b"}}}"#,
            #"{"retry_after_honoured":true}"#, #"{"backoff_grows":true}"#,
            #"{"retry_budget":{"per_request":9}}"#, #"{"user_informed":true}"#,
            #"{"circuit_breaker":{"failures":3,"pause_ms":1}}"#,
            #"{"recovers_within":{"calls":1}}"#,
        ] {
            let result = try invariant(rule).evaluate(conduct)
            #expect(!result.message.isEmpty)
            #expect(result.witnesses.count <= 60)
        }
    }
}
