import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@Suite("Signatures of failures")
struct FailureSignatureTests {
    private static let traceback = "Traceback (most recent call last):\n  File \"a.py\"\n"

    private func signature(
        _ routes: [String], _ end: RunEnd, error: String = "", rules: [String] = []
    ) throws -> FailureSignature? {
        var builder = TraceBuilder()
        for route in routes { builder.ask("shop", route, kind: .tool) }
        let trace = builder.ended(end, error: error)
        return FailureSignature(trace, try rules.map { try invariant($0).evaluate(trace) })
    }

    @Test(
        "the end of a run is named with its last call and its cause",
        arguments: [
            (
                RunEnd.exited(.code(1)), traceback + "shop.errors.Late: order 17 is late\n",
                "crashed at shop GET /orders: shop.errors.Late"
            ),
            (.exited(.code(1)), traceback + "KeyError\n", "crashed at shop GET /orders: KeyError"),
            (
                .exited(.code(7)), "a.js:1\n^\n\nTypeError: x of 3\n\nNode.js v22.1.0\n",
                "crashed at shop GET /orders: TypeError"
            ),
            (.exited(.signal(11)), "", "crashed at shop GET /orders: signal 11"),
            (.stopped(.hung), "", "hung at shop GET /orders"),
            (.wallLimit, "", "hung at shop GET /orders: the limit of real time"),
            (
                .stopped(.limit("more than 9 requests in 10 s")), "",
                "violated at shop GET /orders: more than # requests in # s"
            ),
            (
                .stopped(.exhausted("took 812 MiB")), "",
                "crashed at shop GET /orders: took # MiB"
            ),
        ])
    func ends(end: RunEnd, error: String, expected: String) throws {
        let found = try signature(["POST /login", "GET /orders"], end, error: error)
        #expect(found?.text == expected)
    }

    @Test(
        "what a path names among many is left out, and so is its query",
        arguments: [
            ("/orders/A-1003", "/orders/*"), ("/orders/7/lines/9", "/orders/*/lines/*"),
            ("/v1/orders", "/v1/orders"), ("/v12", "/v12"), ("/v1beta1/x", "/*/x"),
            ("/orders?since=17", "/orders"), ("/", "/"), ("//a//", "//a//"),
            ("/é1/é", "/*/é"), ("/\u{1B}[2J", "/*"),
        ])
    func paths(path: String, expected: String) throws {
        let found = try signature(["GET \(path)"], .stopped(.hung))
        #expect(found?.call == "shop GET \(expected)")
    }

    @Test("two runs of one bug have one signature, whatever ids and texts they hold")
    func same() throws {
        let first = try signature(
            ["GET /orders/A-1003"], .exited(.code(1)),
            error: Self.traceback + "LateError: A-1003 after 31 s\n")
        let second = try signature(
            ["GET /orders/B-7"], .exited(.code(1)),
            error: Self.traceback + "LateError: B-7 after 90 s\n")
        #expect(first != nil)
        #expect(first == second)
        let other = try signature(
            ["GET /orders/B-7"], .exited(.code(1)), error: Self.traceback + "KeyError: 7\n")
        #expect(first != other)
    }

    @Test("a rule about the end is about the run, and names no call and no cause")
    func rules() throws {
        let found = try signature(
            ["GET /orders"], .exited(.code(3)), rules: [#"{"exit_code":0}"#])
        #expect(found == FailureSignature(verdict: .violated, rule: "exit_code == 0"))
    }

    @Test("a hang goes before a rule about the end, which it breaks anyway")
    func precedence() throws {
        let found = try signature(["GET /a"], .stopped(.hung), rules: [#"{"exit_code":0}"#])
        #expect(found?.text == "hung at shop GET /a")
    }

    @Test("a run without a call fails as a whole")
    func callless() throws {
        #expect(try signature([], .exited(.signal(6)))?.text == "crashed: signal 6")
    }

    @Test(
        "what is no failure has none",
        arguments: [
            (RunEnd?.some(.exited(.code(0))), AnswerSource.recorded),
            (.stopped(.offTape), .recorded), (nil, .recorded),
            // After an assumed answer the end of the run says nothing of the agent.
            (.stopped(.hung), .echo), (.exited(.signal(6)), .miss),
        ])
    func none(end: RunEnd?, source: AnswerSource) {
        var builder = TraceBuilder()
        builder.ask("shop", "GET /a", kind: .tool, source: source)
        var trace = builder.trace
        trace.end = end
        #expect(FailureSignature(trace, []) == nil)
    }
}
