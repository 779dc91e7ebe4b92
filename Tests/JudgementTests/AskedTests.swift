import Cassette
import Determinism
import Judgement
import Simulation
import Testing

@Suite("The judgement of an agent that is a server")
struct AskedTests {
    private static func trace(
        _ status: Int?, _ ending: AskedEnding = .complete, body: String = "{}",
        end: RunEnd = .dismissed(.signal(15)), unmet: String? = nil
    ) -> Trace {
        var record = AskedRecord(request: RecordedRequest(method: "POST", target: "/chat?a=b"))
        record.status = status
        record.ending = ending
        record.body = Array(body.utf8)
        var trace = TraceBuilder().ended(end, output: "log line")
        trace.asked = [record]
        trace.unmet = unmet
        return trace
    }

    @Test(
        "an answer that failed counts as a non-zero exit code",
        arguments: [
            (trace(200), ""), (trace(404), ""),
            (trace(500), "the agent answered POST /chat with status 500 and ended when it was"),
            (trace(200, .cut), "the agent did not answer POST /chat whole and ended when it was"),
            (
                trace(
                    nil, .unasked, end: .exited(.code(0)), unmet: "no whole answer to POST /chat"),
                "and exited with code 0; no whole answer to POST /chat"
            ),
            (
                trace(nil, .cut, end: .exited(.code(3)), unmet: "no whole answer to POST /chat"),
                "but the agent exited with code 3; no whole answer to POST /chat"
            ),
        ])
    func exitCode(trace: Trace, message: String) throws {
        let result = try invariant(#"{"exit_code":0}"#).evaluate(trace)
        #expect(result.passed == message.isEmpty)
        #expect(result.message.contains(message), "\(result.message)")
        let ruling = Judge.ruling(trace: trace, results: [result], nondeterministic: false)
        #expect(ruling.verdict == (message.isEmpty ? .passed : .violated))
    }

    @Test("a hang names what is owed, a crash too")
    func reasons() {
        let hung = Self.trace(
            nil, .open, end: .stopped(.hung), unmet: "nothing listens on 127.0.0.1:8080")
        let ruling = Judge.ruling(trace: hung, results: [], nondeterministic: false)
        #expect(ruling.verdict == .hung)
        #expect(ruling.reason.hasSuffix("never come: nothing listens on 127.0.0.1:8080"))
        let crashed = Self.trace(nil, .cut, end: .exited(.signal(6)), unmet: "no whole answer")
        #expect(
            Judge.ruling(trace: crashed, results: [], nondeterministic: false).reason
                == "the agent was ended by signal 6; no whole answer")
    }

    @Test(
        "invariants on the output look at the answers",
        arguments: [
            (#"{"output_matches":"refunded"}"#, true), (#"{"output_matches":"log line"}"#, false),
            (#"{"output_not_matches":"refunded"}"#, false), (#"{"output_json":true}"#, true),
            (#"{"output_json_schema":{"required":["state"]}}"#, true),
            (#"{"output_json_schema":{"required":["other"]}}"#, false),
        ])
    func output(rule: String, passes: Bool) throws {
        let trace = Self.trace(200, body: #"{"state":"refunded"}"#)
        #expect(try invariant(rule).evaluate(trace).passed == passes)
    }
}
