import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Verdicts")
struct JudgeTests {
    private static let traceback = "Traceback (most recent call last):\n  File\nKeyError: 'id'\n"

    private func verdict(
        _ trace: Trace, rules: [String] = [#"{"exit_code":0}"#], unstable: Bool = false
    ) throws -> Verdict {
        let results = try rules.map { try invariant($0).evaluate(trace) }
        return Judge.verdict(trace: trace, results: results, nondeterministic: unstable)
    }

    @Test(
        "a run on the tape",
        arguments: [
            (RunEnd.exited(.code(0)), "", false, Verdict.passed),
            (.exited(.code(1)), "", false, .violated),
            (.exited(.code(1)), traceback, false, .crashed),
            (.exited(.code(0)), traceback, false, .passed),
            (.exited(.code(1)), "x\n\nNode.js v22.1.0\n", false, .crashed),
            (.exited(.code(1)), "no Traceback (most recent call last):", false, .violated),
            (.exited(.signal(11)), "", false, .crashed),
            (.stopped(.hung), "", false, .hung),
            (.wallLimit, "", false, .hung),
            (.stopped(.limit("more than 9 requests")), "", false, .violated),
            (.stopped(.offTape), "", false, .offTape),
            (.exited(.code(0)), "", true, .nondeterministic),
            (.exited(.code(1)), "", true, .nondeterministic),
        ])
    func onTape(end: RunEnd, error: String, unstable: Bool, expected: Verdict) throws {
        var builder = TraceBuilder()
        builder.ask("openai", source: end == .stopped(.offTape) ? .miss : .recorded)
        let trace = builder.ended(end, error: error)
        #expect(try verdict(trace, unstable: unstable) == expected)
    }

    @Test("a run without an end is invalid, even when it was seen to differ")
    func invalid() throws {
        let trace = TraceBuilder().trace
        #expect(try verdict(trace, unstable: true) == .invalid)
    }

    @Test(
        "an assumed answer turns a pass into passed-assumed and a later failure into off-tape",
        arguments: [
            (RunEnd.exited(.code(0)), Verdict.passedAssumed), (.exited(.code(1)), .offTape),
            (.stopped(.hung), .offTape), (.exited(.signal(6)), .offTape),
        ])
    func assumed(end: RunEnd, expected: Verdict) throws {
        var builder = TraceBuilder()
        builder.ask("openai")
        builder.ask("openai", source: .echo)
        #expect(try verdict(builder.ended(end)) == expected)
    }

    @Test("a failure that was seen before the first assumed answer stands")
    func independent() throws {
        var builder = TraceBuilder()
        builder.ask("openai")
        builder.ask("openai", source: .echo)
        builder.ask("openai")
        let trace = builder.ended()
        let rule = { (count: Int) -> String in
            #"{"max_calls":{"upstream":"openai","count":\#(count)}}"#
        }
        // The request that got the assumed answer was sent before it came.
        #expect(try verdict(trace, rules: [rule(1)]) == .violated)
        #expect(try verdict(trace, rules: [rule(2)]) == .offTape)
        #expect(try verdict(trace, rules: [rule(3)]) == .passedAssumed)
    }

    @Test("a side effect repeated by the request that left the tape is violated")
    func missIsWitness() throws {
        var builder = TraceBuilder()
        builder.ask("tools", "POST /refunds", kind: .tool, ending: .reset)
        builder.ask("tools", "POST /refunds", kind: .tool, source: .miss)
        let trace = builder.ended(.stopped(.offTape))
        let rules = [#"{"exit_code":0}"#, #"{"no_repeated_side_effect":true}"#]
        #expect(try verdict(trace, rules: rules) == .violated)
        #expect(try verdict(trace) == .offTape)
    }

    @Test("what broke while the agent ran comes before a hang and a crash")
    func order() throws {
        var builder = TraceBuilder()
        builder.ask("openai")
        let trace = builder.ended(.stopped(.hung))
        let rules = [#"{"exit_code":0}"#, #"{"max_calls":{"upstream":"openai","count":0}}"#]
        #expect(try verdict(trace, rules: rules) == .violated)
    }

    @Test("the reason names what happened")
    func reasons() throws {
        let crash = TraceBuilder().ended(.exited(.code(1)), error: JudgeTests.traceback)
        let ruling = Judge.ruling(trace: crash, results: [], nondeterministic: false)
        #expect(
            ruling.reason == "an uncaught exception ended the agent with exit code 1: "
                + "KeyError: 'id'")
        let limit = TraceBuilder().ended(.stopped(.limit("too much")))
        #expect(
            Judge.ruling(trace: limit, results: [], nondeterministic: false).reason == "too much")
    }

    @Test(
        "exit codes",
        arguments: [
            ([Verdict.passed], "1", 0, 0), ([.violated], "1", 0, 1), ([.hung], "1", 0, 1),
            ([.crashed], "1", 0, 1), ([.offTape], "1", 0, 3), ([.passedAssumed], "1", 0, 3),
            ([.nondeterministic], "1", 0, 4), ([.invalid], "1", 0, 5), ([], "1", 0, 5),
            ([.nondeterministic, .violated, .offTape], "1", 0, 4),
            ([.violated, .offTape], "1", 0, 1), ([.passed, .invalid], "1", 0, 0),
            ([.passed, .passed, .violated], "2/3", 0, 0),
            ([.passed, .passed, .violated], "67%", 0, 1),
            ([.passed, .offTape, .passedAssumed], "1", 2, 0),
            ([.passed, .offTape, .passedAssumed], "1", 1, 3),
            ([.nondeterministic, .invalid], "0", 9, 4),
        ] as [([Verdict], String, Int, Int32)])
    func exitCodes(verdicts: [Verdict], minPass: String, maxOffTape: Int, code: Int32) throws {
        let ratio = try #require(Ratio(text: minPass))
        let tolerance = Tolerance(minPass: ratio, maxOffTape: maxOffTape)
        #expect(ExitCodes.of(verdicts, tolerance: tolerance) == code)
    }

    @Test("verdicts have the names of the documentation")
    func names() {
        #expect(
            Verdict.allCases.map(\.rawValue) == [
                "passed", "passed-assumed", "violated", "hung", "crashed", "off-tape",
                "nondeterministic", "invalid",
            ])
    }
}
