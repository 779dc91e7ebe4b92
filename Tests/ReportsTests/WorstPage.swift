import Cassette
import Determinism
import Faults
import Judgement
import Simulation

@testable import Reports

/// A storm of which everything is as large as it can be.
enum WorstPage {
    static let runCount = 10_000
    private static let failureCount = 9_900
    private static let ruleCount = 20
    private static let exchangeCount = 10

    /// What is worst for a page: each sign of it takes six bytes there.
    private static func hostile(_ count: Int, number: Int) -> [UInt8] {
        let part = Array("<&>\u{202E}</script>A".utf8)
        let head = Array("\(number) ".utf8)
        return head + (0..<max(0, count - head.count)).map { part[$0 % part.count] }
    }

    /// Plain at first and escapes later, or the other way round: no part of it tells of the whole.
    private static func uneven(_ count: Int, number: Int) -> [UInt8] {
        let plain = [UInt8](repeating: 0x61, count: count / 2)
        let escapes = hostile(count - plain.count, number: number)
        return number % 2 == 0 ? plain + escapes : escapes + plain
    }

    private static let text = String(decoding: hostile(4_000, number: 0), as: UTF8.self)
    private static let unevenTexts = (0..<2).map {
        String(decoding: uneven(4_000, number: $0), as: UTF8.self)
    }
    private static let shortText = String(decoding: hostile(300, number: 0), as: UTF8.self)
    /// Worst too, but of ASCII, which is quick to compare.
    private static let escapes = String(repeating: "<&>", count: 100)
    private static let met = (1...300).map { number in
        MetFault(
            planned: Sample.planned(
                FaultCatalogue.all[number % FaultCatalogue.all.count].id, upstream: "tools",
                call: number),
            exchange: ExchangeID(number), fate: .fired)
    }
    private static let witnesses = (1...50).map { ExchangeID($0) }
    private static let request = hostile(4_000, number: 0)
    private static let answer = uneven(16_000, number: 0)
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
            record.headers = HeaderFields(
                (0..<4).map { HeaderField("x-\($0)", unevenTexts[$0 % 2]) })
            record.steps = steps
            trace.exchanges.append(record)
            trace.append(.request(record.id), at: record.arrivedAt)
            trace.append(.foreign("\(call) " + text), at: record.arrivedAt)
        }
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
        run.seed = Seed(UInt64.max - 20_000 + UInt64(number))
        run.plan = "stp1.\(number)." + plan
        run.reproduce = "stormtape replay --plan \(run.plan) -- ./agent"
        run.prompt = "\(number) " + (number < 100 ? text : escapes)
        run.met = met
        run.ruling = Ruling(
            verdict: passes ? .passed : .violated,
            reason: passes ? "" : "\(number) " + (number < 500 ? text : escapes))
        // The first runs fill the room of texts, the others have what is left.
        let said = number < 100 ? shortText : ""
        run.invariants = (0..<ruleCount).map { rule in
            let holds = passes || (number + 1) & (1 << rule) == 0
            return InvariantResult(
                id: "rule-\(rule)", invariant: "rule", passed: holds,
                message: holds ? "" : "\(number) \(rule) " + said,
                witnesses: holds ? [] : witnesses)
        }
        return run
    }

    private static let plan = String(repeating: "p", count: 1_500)

    /// A failure that was saved, of which each text is long, and the line too.
    private static func saved(_ run: RunSummary, _ number: Int) -> SavedFailure {
        var run = run
        run.reproduce = "stormtape \(number) " + (number % 2 == 0 ? text : plan)
        return SavedFailure(
            signature: "\(number) " + text, origin: unevenTexts[number % 2], run: run)
    }

    /// The storm, with the detail of all runs that deserve it.
    static func storm() throws -> (StormResult, RunDetails) {
        let first = try trace(0)
        let summary = first.summary
        var light = summary
        light.exchanges = Array(summary.exchanges.prefix(1))
        let runs = (0..<runCount).map { row(light, $0, passes: $0 >= failureCount) }
        var storm = StormResult(
            cassette: Sample.cassette, scenario: text, runs: runs, exitCode: 1)
        storm.savedFailures = (0..<60).map { saved(runs[$0], $0) }
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
        details.undisturbed = details.runs[failureCount]
        return (storm, details)
    }
}
