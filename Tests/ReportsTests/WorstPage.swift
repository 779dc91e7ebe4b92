import Cassette
import Determinism
import Faults
import Judgement
import Simulation

@testable import Reports

/// A storm of which everything is as large as it can be.
enum WorstPage {
    static let runCount = 10_000
    private static let ruleCount = 20
    private static let exchangeCount = 30

    /// What is worst for a page: each sign of it takes six bytes there.
    private static func hostile(_ count: Int, number: Int) -> [UInt8] {
        let part = Array("<&>\u{202E}</script>A".utf8)
        let head = Array("\(number) ".utf8)
        return head + (0..<max(0, count - head.count)).map { part[$0 % part.count] }
    }

    private static let text = String(decoding: hostile(4_000, number: 0), as: UTF8.self)
    private static let shortText = String(decoding: hostile(300, number: 0), as: UTF8.self)
    private static let witnesses = (1...50).map { ExchangeID($0) }
    private static let request = hostile(4_000, number: 0)
    private static let answer = hostile(12_000, number: 0)
    private static let steps = (0..<100).map {
        StepRecord(at: .milliseconds(Int64($0)), kind: "body", byteCount: 100)
    }

    /// Long streams, hostile bytes, and other ones in each run.
    private static func trace(_ number: Int) throws -> RunResult {
        var result = try Sample.run(seed: UInt64(number))
        let plain = result.trace.exchanges[2]
        var trace = Trace(cassette: Sample.cassette, clock: .virtual)
        for call in 1...exchangeCount {
            var record = plain
            record.id = ExchangeID(call)
            record.ordinal = number * exchangeCount + call
            record.arrivedAt = SimInstant(nanoseconds: Int64(call) * 1_000_000)
            record.request.body = Array("\(number) \(call) ".utf8) + request
            record.body = Array("\(number) \(call) ".utf8) + answer
            record.headers = HeaderFields((0..<4).map { HeaderField("x-\($0)", text) })
            record.steps = steps
            trace.exchanges.append(record)
            trace.append(.request(record.id), at: record.arrivedAt)
            trace.append(.foreign("\(call) " + text), at: record.arrivedAt)
        }
        if number == 0 { trace.exchanges[0].body = [UInt8](repeating: 0x3C, count: 10_000_000) }
        for waiter in 0..<300 {
            trace.append(.waits(WaiterID(waiter), until: .zero), at: .zero)
        }
        trace.standardOutput = Array("\(number) out ".utf8) + request
        trace.standardError = Array("\(number) err ".utf8) + request
        result.trace = trace
        result.digest = Digest(hashing: Array("\(number)".utf8))
        result.grade = Grade(.a, reasons: [text])
        return result
    }

    private static func row(_ summary: RunSummary, _ number: Int, passes: Bool) -> RunSummary {
        var run = summary
        run.seed = Seed(UInt64(number))
        run.plan = "stp1.\(number)." + String(repeating: "p", count: 1_500)
        run.reproduce = "stormtape replay --plan \(run.plan) -- ./agent"
        run.ruling = Ruling(
            verdict: passes ? .passed : .violated, reason: passes ? "" : "\(number) " + text)
        run.invariants = (0..<ruleCount).map { rule in
            let holds = passes || (number + 1) & (1 << rule) == 0
            return InvariantResult(
                id: "rule-\(rule)", invariant: "rule", passed: holds,
                message: holds ? "" : "\(number) \(rule) " + shortText,
                witnesses: holds ? [] : witnesses)
        }
        return run
    }

    /// The storm, with the detail of all runs that deserve it.
    static func storm() throws -> (StormResult, RunDetails) {
        let first = try trace(0)
        let summary = first.summary
        var light = summary
        light.exchanges = Array(summary.exchanges.prefix(1))
        let runs = (0..<runCount).map { row(light, $0, passes: $0 >= runCount / 2) }
        let storm = StormResult(
            cassette: Sample.cassette, scenario: text, runs: runs, exitCode: 1)
        var details = RunDetails()
        for place in RunDetails.choice(storm.runs) {
            let result = try trace(place + 1)
            var whole = row(result.summary, place, passes: !runs[place].verdict.isFailure)
            whole.digest = result.digest
            let detail = RunDetail(result) { ordinal in
                Interaction(
                    ordinal: ordinal, upstream: "openai",
                    request: RecordedRequest(method: "GET", target: "/"),
                    response: RecordedResponse(
                        status: 200, headers: HeaderFields([HeaderField("x", text)]),
                        chunks: [
                            Chunk(at: .zero, bytes: Array("\(ordinal) recorded ".utf8) + answer)
                        ]))
            }
            details.runs[place] = DetailedRun(summary: whole, detail: detail)
        }
        details.undisturbed = details.runs[runCount / 2]
        return (storm, details)
    }
}
