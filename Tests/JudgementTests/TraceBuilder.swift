import Cassette
import Determinism
import Faults
import Judgement
import Simulation

/// Builds traces by hand.
struct TraceBuilder {
    var trace: Trace

    init(clock: ClockMode = .real) {
        trace = Trace(cassette: Digest(hashing: []), clock: clock)
    }

    /// Appends an exchange that was answered whole.
    mutating func ask(
        _ upstream: String, _ route: String = "POST /v1/chat", kind: UpstreamKind = .model,
        body: String = "{}", key: String? = nil, status: Int? = 200,
        source: AnswerSource = .recorded, attempt: Int = 1, consumed: Bool = true,
        ending: DeliveryEnding = .complete, milliseconds: Int64 = 0, at: Int64 = 0
    ) {
        let parts = route.split(separator: " ").map(String.init)
        let id = ExchangeID(trace.exchanges.count + 1)
        let request = RecordedRequest(method: parts[0], target: parts[1], body: Array(body.utf8))
        let instant = SimInstant(nanoseconds: at * 1_000_000)
        var record = ExchangeRecord(
            id: id, upstream: upstream, kind: kind, request: request,
            fingerprint: Fingerprint(Digest(hashing: Array("\(route) \(body)".utf8))),
            arrivedAt: instant)
        record.source = source
        record.take = source == .miss ? 0 : 1
        record.attempt = source == .miss ? 0 : attempt
        record.sideEffecting = kind == .tool && parts[0] != "GET"
        record.idempotencyKey = key
        record.status = source == .miss ? nil : status
        record.ending = ending
        record.steps = [StepRecord(at: .milliseconds(milliseconds), kind: "end", byteCount: 0)]
        record.sentCount = source == .miss ? 0 : 1
        record.consumed = consumed
        trace.exchanges.append(record)
        trace.append(.request(id), at: instant)
    }

    /// The trace of a run that ended so.
    func ended(
        _ end: RunEnd = .exited(.code(0)), output: String = "", error: String = ""
    ) -> Trace {
        var trace = trace
        trace.end = end
        trace.standardOutput = Array(output.utf8)
        trace.standardError = Array(error.utf8)
        return trace
    }
}

/// Parses a rule written as JSON.
func invariant(_ text: String) throws -> Invariant {
    try Invariant.parse(try JSONValue.parse(text: text))
}
