import Cassette
import Determinism
import Faults
import Judgement
import Simulation

@testable import Reports

/// Results made by hand.
enum Sample {
    static let cassette = Digest(hashing: Array("cassette".utf8))

    static func planned(_ fault: String, upstream: String, call: Int) -> PlannedFault {
        PlannedFault(
            fault: fault,
            anchor: Anchor(
                fingerprint: Fingerprint(Digest(hashing: Array("\(upstream) \(call)".utf8))),
                take: 1, attempt: 1, upstream: upstream, call: call),
            parameters: FaultParameters([JSONMember("retry_after_ms", 1)]))
    }

    static func exchange(
        _ number: Int, _ upstream: String, _ route: String, status: Int? = 200,
        ending: DeliveryEnding = .complete, source: AnswerSource = .recorded,
        faults: [FaultRecord] = []
    ) -> ExchangeRecord {
        let parts = route.split(separator: " ").map(String.init)
        var record = ExchangeRecord(
            id: ExchangeID(number), upstream: upstream, kind: upstream == "openai" ? .model : .tool,
            request: RecordedRequest(method: parts[0], target: parts[1]),
            fingerprint: Fingerprint(Digest(hashing: Array(route.utf8))), arrivedAt: .zero)
        record.source = source
        record.status = status
        record.ending = ending
        record.take = 1
        record.attempt = 1
        record.sideEffecting = parts[0] == "POST" && record.kind == .tool
        record.steps = [
            StepRecord(at: .milliseconds(10), kind: "head", byteCount: 0),
            StepRecord(at: .milliseconds(412), kind: "body", byteCount: 96),
            StepRecord(at: .milliseconds(412), kind: "end", byteCount: 0),
        ]
        record.sentCount = 3
        record.consumed = ending == .complete
        record.faults = faults
        return record
    }

    /// A run in which a lost response makes the agent refund twice, or one that passes.
    static func run(
        seed: UInt64, fault: String? = "lost-response-after-commit", error: String = "",
        unstable: Bool = false, judged: [JSONValue] = [], tape: JudgeTape? = JudgeTape([])
    ) throws -> RunResult {
        var trace = Trace(cassette: cassette, clock: .real)
        let refund = planned(fault ?? "ttfb-spike", upstream: "tools", call: 2)
        let masked = planned("tool-error", upstream: "tools", call: 2)
        let fates = [
            FaultRecord(planned: refund, outcome: .fired),
            FaultRecord(planned: masked, outcome: .masked(by: refund.fault)),
            FaultRecord(planned: masked, outcome: .inapplicable("it has no body")),
        ]
        trace.exchanges = [
            exchange(1, "tools", "GET /orders/1007"),
            exchange(2, "openai", "POST /v1/chat/completions"),
            exchange(
                3, "tools", "POST /refunds", status: fault == nil ? 200 : nil,
                ending: fault == nil ? .complete : .reset, faults: fault == nil ? [] : fates),
        ]
        if fault != nil { trace.exchanges.append(exchange(4, "tools", "POST /refunds")) }
        for record in trace.exchanges { trace.append(.request(record.id), at: .zero) }
        trace.append(.foreign("203.0.113.9:443"), at: .zero)
        trace.end = .exited(.code(0))
        trace.append(.ended(.exited(.code(0))), at: .zero)
        trace.standardOutput = Array("{\"ok\":true}\n".utf8)
        trace.standardError = Array(error.utf8)
        trace.unreached = [planned("slow-drip", upstream: "openai", call: 9)]
        let rules: [JSONValue] = [["exit_code": 0], ["no_repeated_side_effect": true]]
        let conduct = Conduct(trace, judges: JudgeDesk(tape))
        let results = try Invariant.parse(all: rules + judged).map { $0.evaluate(conduct) }
        return RunResult(
            seed: Seed(seed), plan: Plan(cassette: cassette, faults: fault == nil ? [] : [refund]),
            planBlob: "st1-\(seed)", digest: trace.digest,
            ruling: Judge.ruling(trace: trace, results: results, nondeterministic: unstable),
            grade: Grade(.c, reasons: ["the agent's clock is real"]), virtualTime: trace.duration,
            planned: [refund, masked], trace: trace, invariants: results,
            reproduce: "stormtape replay --cassette demo.tape --plan st1-\(seed) -- ./agent")
    }

    /// Six seeds: two kinds of failure, one unstable run, two that passed.
    static func storm() throws -> StormResult {
        let runs = try [
            run(seed: 9), run(seed: 2), run(seed: 3, fault: nil),
            run(seed: 12, fault: "tool-timeout"),
            run(seed: 5, unstable: true), run(seed: UInt64.max, fault: nil),
        ]
        return StormResult(
            cassette: cassette, scenario: "flaky-provider", runs: runs.map(\.summary),
            nondeterministicSeeds: [Seed(5)], exitCode: 4)
    }

    /// Rules for which no judge has answered yet.
    static let judged: [JSONValue] = [
        ["judged_by_model": ["criterion": "It names [the] order.", "model": "small"]],
        ["similar_in_meaning": ["to": "It is done.", "model": "vectors"]],
    ]

    /// Runs with verdicts that wait for a judge: one that passes so far, and one that is violated;
    /// and one that passed.
    static func waitingStorm() throws -> StormResult {
        let runs = try [
            run(seed: 3, fault: nil, judged: judged), run(seed: 9, judged: [judged[0]]),
            run(seed: 12, fault: nil),
        ]
        return StormResult(
            cassette: cassette, scenario: "flaky-provider", runs: runs.map(\.summary),
            exitCode: 1)
    }

    /// A run on the virtual clock: two tools at a time, a time-out, and a second attempt.
    static func timedRun() throws -> RunResult {
        var result = try run(seed: 7)
        var trace = Trace(cassette: cassette, clock: .virtual)
        trace.exchanges = result.trace.exchanges
        trace.standardOutput = result.trace.standardOutput
        let arrivals: [Int64] = [0, 100, 411, 31_000]
        for (index, arrival) in arrivals.enumerated() {
            trace.exchanges[index].arrivedAt = SimInstant(nanoseconds: arrival * 1_000_000)
        }
        trace.exchanges[0].steps[2].at = .milliseconds(30_000)
        trace.exchanges[2].cancelled = true
        trace.exchanges[2].steps = [
            StepRecord(at: .milliseconds(30_001), kind: "reset", byteCount: 0)
        ]
        trace.exchanges[2].sentCount = 1
        trace.exchanges[3].attempt = 2
        trace.exchanges[3].source = .reask
        func at(_ milliseconds: Int64) -> SimInstant {
            SimInstant(nanoseconds: milliseconds * 1_000_000)
        }
        let waiter = WaiterID(1)
        trace.append(.request(ExchangeID(1)), at: at(0))
        trace.append(.waits(waiter, until: at(30_050)), at: at(50))
        trace.append(.request(ExchangeID(2)), at: at(100))
        trace.append(.step(ExchangeID(2), index: 0), at: at(110))
        trace.append(.request(ExchangeID(3)), at: at(411))
        trace.append(.waits(waiter, until: at(30_412)), at: at(412))
        trace.append(.woke(waiter), at: at(30_412))
        trace.append(.agentClosed(ExchangeID(3)), at: at(30_412))
        trace.append(.request(ExchangeID(4)), at: at(31_000))
        trace.append(.output(.standardOutput, byteCount: 12), at: at(31_500))
        trace.append(.foreign("203.0.113.9:443"), at: at(31_500))
        trace.end = .exited(.code(0))
        trace.append(.ended(.exited(.code(0))), at: at(31_600))
        result.trace = trace
        result.digest = trace.digest
        result.virtualTime = trace.duration
        result.grade = Grade(.a)
        return result
    }
}
