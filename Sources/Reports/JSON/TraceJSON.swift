internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

/// The JSON form of a trace.
enum TraceJSON {
    static func json(_ trace: Trace) -> JSONValue {
        var json = events(of: trace)
        if !trace.asked.isEmpty { json["asked"] = .array(trace.asked.map(AskedJSON.json)) }
        return json
    }

    private static func events(of trace: Trace) -> JSONValue {
        .object([
            JSONMember("clock", .string(trace.clock.rawValue)),
            JSONMember("end", .string(end(trace.end))),
            JSONMember("exchanges", .array(trace.exchanges.map(exchange))),
            JSONMember("log", .array(trace.log.map { event($0.event, at: $0.at) })),
            JSONMember("events", .array(trace.digestEvents)),
            JSONMember("stdout", OutputText.json(trace.standardOutput)),
            JSONMember("stderr", OutputText.json(trace.standardError)),
            JSONMember("foreign", .array(trace.foreignAddresses.map { .string($0) })),
            JSONMember("unplayed", .array(trace.unplayed.map { .int(Int64($0)) })),
        ])
    }

    private static func exchange(_ record: ExchangeRecord) -> JSONValue {
        .object([
            JSONMember("exchange", .int(Int64(record.id.number))),
            JSONMember("upstream", .string(record.upstream)),
            JSONMember("kind", .string(record.kind.rawValue)),
            JSONMember("method", .string(record.request.method)),
            JSONMember("target", .string(record.request.target)),
            JSONMember("request_bytes", .int(Int64(record.request.body.count))),
            JSONMember("fingerprint", .string(record.fingerprint.hex)),
            JSONMember("source", .string(record.source.rawValue)),
            JSONMember("interaction", number(record.ordinal)),
            JSONMember("take", .int(Int64(record.take))),
            JSONMember("attempt", .int(Int64(record.attempt))),
            JSONMember("side_effecting", .bool(record.sideEffecting)),
            JSONMember("status", number(record.status)),
            JSONMember("ending", .string(record.ending.rawValue)),
            JSONMember("delivery", record.delivery.map { .string($0.hex) } ?? .null),
            JSONMember("steps", .array(record.steps.map(step))),
            JSONMember("sent", .int(Int64(record.sentCount))),
            JSONMember("cancelled", .bool(record.cancelled)),
            JSONMember("consumed", .bool(record.consumed)),
            JSONMember("arrived_ns", .int(record.arrivedAt.nanoseconds)),
            JSONMember("faults", .array(record.faults.map { fault($0, record.id) })),
            JSONMember("miss", .array((record.miss?.lines ?? []).map { .string($0) })),
        ])
    }

    private static func number(_ value: Int?) -> JSONValue {
        value.map { .int(Int64($0)) } ?? .null
    }

    private static func step(_ step: StepRecord) -> JSONValue {
        .object([
            JSONMember("at_ns", .int(step.at.nanoseconds)),
            JSONMember("kind", .string(step.kind)),
            JSONMember("bytes", .int(Int64(step.byteCount))),
        ])
    }

    private static func fault(_ record: FaultRecord, _ id: ExchangeID) -> JSONValue {
        let met = MetFault(planned: record.planned, exchange: id, fate: record.outcome)
        var value = FaultJSON.json(met)
        value["outcome"] =
            switch record.outcome {
            case .fired: "fired"
            case .masked: "masked"
            case .inapplicable: "inapplicable"
            case .unreached: "unreached"
            }
        return value
    }

    private static func event(_ event: TraceEvent, at instant: SimInstant) -> JSONValue {
        var members = [JSONMember("at_ns", .int(instant.nanoseconds))]
        func add(_ name: String, _ more: JSONMember...) {
            members.append(JSONMember("event", .string(name)))
            members += more
        }
        func exchange(_ id: ExchangeID) -> JSONMember {
            JSONMember("exchange", .int(Int64(id.number)))
        }
        switch event {
        case .request(let id): add("request", exchange(id))
        case .step(let id, let index):
            add("step", exchange(id), JSONMember("step", .int(Int64(index))))
        case .agentClosed(let id): add("agent-closed", exchange(id))
        case .waits(let waiter, let until):
            add(
                "waits", JSONMember("waiter", .int(Int64(waiter.number))),
                JSONMember("until_ns", .int(until.nanoseconds)))
        case .woke(let waiter): add("woke", JSONMember("waiter", .int(Int64(waiter.number))))
        case .output(let stream, let count):
            add(
                "output", JSONMember("stream", .string(stream.rawValue)),
                JSONMember("bytes", .int(Int64(count))))
        case .foreign(let address): add("foreign", JSONMember("address", .string(address)))
        case .inquiry(let entry):
            let (name, more) = AskedJSON.entry(entry)
            members += [JSONMember("event", .string(name))] + more
        case .programDied: add("program-died")
        case .killed(let unsent): add("killed", JSONMember("unsent", .int(Int64(unsent))))
        case .started(let life): add("started", JSONMember("life", .int(Int64(life))))
        case .ended(let end): add("ended", JSONMember("end", .string(TraceJSON.end(end))))
        }
        return .object(members)
    }

    /// A stable word for how a run ended, with its number.
    private static func end(_ end: RunEnd?) -> String {
        switch end {
        case .exited(.code(let code)): "exit \(code)"
        case .exited(.signal(let signal)): "signal \(signal)"
        case .dismissed(.code(let code)): "dismissed, exit \(code)"
        case .dismissed(.signal(let signal)): "dismissed, signal \(signal)"
        case .stopped(.offTape): "off-tape"
        case .stopped(.hung): "hung"
        case .stopped(.limit(let text)): "limit: \(text)"
        case .stopped(.exhausted): "exhausted"
        case .wallLimit: "wall-limit"
        case nil: "running"
        }
    }
}
