import Determinism
import Testing

/// Each fault of tools once, as Python's standard library meets it.
@Suite("Faults of tools as an HTTP client meets them")
struct ToolFaultTests {
    /// The results of the probe's three steps: read an order, refund, read it again.
    private func results(
        _ fault: String, _ parameters: [String] = [], call: Int = 1, options: [String] = []
    ) async throws -> (run: Run, results: [JSONValue]) {
        let tape = try await ProbeTape.tool.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario(fault, parameters, call: call),
            command: tape.command + options)
        #expect(run.status == 0, "\(run.err)")
        #expect(run.fired == [fault])
        return (run, try #require(try run.answer()["results"]?.arrayValue))
    }

    private func body(_ result: JSONValue) throws -> JSONValue {
        try JSONValue.parse(Array((result["body"]?.stringValue ?? "").utf8))
    }

    @Test("tool-error answers with its status and its message")
    func error() async throws {
        let (_, results) = try await results("tool-error", ["code: 503", "message: closed today"])
        #expect(results[0]["error"]?.stringValue == "urllib.error.HTTPError")
        #expect(results[0]["status"]?.intValue == 503)
        #expect(try body(results[0])["error"]?["message"]?.stringValue == "closed today")
        #expect(results[1]["status"]?.intValue == 201)
    }

    @Test("tool-timeout ends by the client's own time-out")
    func timeout() async throws {
        let (run, results) = try await results("tool-timeout", options: ["--timeout", "1"])
        #expect(results[0]["error"]?.stringValue == "builtins.TimeoutError")
        #expect(results[0]["status"]?.isNull == true)
        // The first read was never answered, so the second one gets its answer.
        #expect(try body(results[2])["status"]?.stringValue == "delivered")
        #expect(run.numbers("attempt") == [1, 1, 2])
    }

    @Test("tool-timeout with a client that waits for ever is a hang")
    func hung() async throws {
        let tape = try await ProbeTape.tool.tape
        let run = try await tape.replay(
            scenario: FaultCase.scenario("tool-timeout"), options: ["--wall-limit", "3"])
        #expect(run.verdict == "hung")
        #expect(run.status == 1)
    }

    @Test("tool-stale repeats what the order was before the refund")
    func stale() async throws {
        let (_, results) = try await results("tool-stale", call: 3)
        #expect(results[2]["error"]?.isNull == true)
        #expect(try body(results[2])["status"]?.stringValue == "delivered")
        #expect(results[2] == results[0])
    }

    @Test(
        "tool-corrupt damages the result and nothing tells",
        arguments: [
            ("bit-flip", #"{"id": "A-0003", "customer": "Zoë""#),
            ("mojibake", #"{"id": "A-1003", "customer": "ZoÃ«""#),
            ("swapped-quotes", #"{"id": "A-1003', "customer": "Zoë""#),
            ("truncated-json", #"{"id": "A-"#),
        ])
    func corrupt(_ variant: String, _ start: String) async throws {
        let (_, results) = try await results(
            "tool-corrupt", ["at_bytes: 10", "variant: \(variant)"])
        #expect(results[0]["error"]?.isNull == true)
        #expect(results[0]["status"]?.intValue == 200)
        let text = try #require(results[0]["body"]?.stringValue)
        #expect(text.hasPrefix(start), "\(text)")
        if variant == "truncated-json" { #expect(text == start) }
    }

    @Test("lost-response-after-commit resets; a blind retry does the work twice")
    func lost() async throws {
        let (run, results) = try await results(
            "lost-response-after-commit", call: 2, options: ["--retries", "1"])
        #expect(results.count == 4)
        #expect(results[1]["error"]?.stringValue == "builtins.ConnectionResetError")
        #expect(results[2]["status"]?.intValue == 201)
        #expect(try body(results[3])["status"]?.stringValue == "refunded")
        #expect(run.numbers("attempt") == [1, 1, 2, 1])
    }

    @Test("The double refund breaks no_repeated_side_effect, and a reproducing line is given")
    func doubleRefund() async throws {
        let tape = try await ProbeTape.tool.tape
        let scenario =
            FaultCase.scenario("lost-response-after-commit", call: 2)
            + "invariants:\n  - no_repeated_side_effect: true\n"
        let command = tape.command + ["--retries", "1"]
        let run = try await tape.replay(scenario: scenario, command: command)
        #expect(run.verdict == "violated")
        #expect(run.status == 1)
        let broken = run.list("invariants").filter { $0["passed"]?.boolValue == false }
        #expect(broken.count == 1)
        #expect(run.text("reproduce").contains("--plan \(run.plan) -- "))
        let again = try await tape.replay(["--plan", run.plan], command: command)
        #expect(again.digest == run.digest)
        #expect(again.verdict == "violated")
        #expect(again.status == 1)
    }
}
