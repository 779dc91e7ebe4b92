public import Determinism
internal import Cassette
internal import Faults

/// What of a trace is the identity of the run, as a list of canonical events.
///
/// Under a virtual clock it is everything up to the end, in the order in which it happened; requests
/// are numbered as they were answered, since the kernel may have a say in how they arrived. When the
/// agent's clock is real (grade C) it is the exchanges sorted by anchor, each on its own time line,
/// the exit status and the normalised standard output. The global order, standard error, and whether
/// and when the agent hung up are not covered: its real clock decides them.
extension Trace {
    /// The events that the digest covers, in its order.
    public var digestEvents: [JSONValue] {
        [opening] + (clock == .virtual ? orderedEvents : sortedEvents + askedEvents) + [closing]
    }

    /// The identity of the run.
    public var digest: Digest {
        var rolling = RollingDigest()
        guard clock == .virtual, isNumberedInOrder else {
            for event in digestEvents { rolling.append(event.canonical()) }
            return rolling.value
        }
        rolling.append { $0.write(opening) }
        appendLog(to: &rolling)
        rolling.append { $0.write(closing) }
        return rolling.value
    }

    private var opening: JSONValue {
        .object([
            JSONMember("cassette", .string(cassette.hex)),
            JSONMember("clock", .string(clock.rawValue)),
        ])
    }

    // MARK: Real clock

    private var sortedEvents: [JSONValue] {
        let keyed = exchanges.map { (key: Trace.sortKey($0), event: Trace.event($0)) }
        return keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.event)
    }

    private static func sortKey(_ exchange: ExchangeRecord) -> [UInt8] {
        var key = Array(exchange.upstream.utf8) + [0]
        key += exchange.fingerprint.bytes
        for number in [exchange.take, exchange.attempt] {
            key += (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        }
        // Requests without an anchor are told apart by what they say.
        return key + Array(exchange.source.rawValue.utf8) + [0]
            + Digest(hashing: exchange.request.body).bytes
    }

    private var closing: JSONValue {
        var members = [JSONMember("end", .string(Trace.text(of: end)))]
        switch (clock, end) {
        case (.virtual, _):
            let output = coveredOutput
            let errors = Array(standardError.prefix(standardErrorAtEnd ?? .max))
            members.append(JSONMember("stdout", .string(Trace.normalised(output))))
            members.append(JSONMember("stderr", .string(Trace.normalised(errors))))
        case (.real, .exited), (.real, .dismissed):
            members.append(JSONMember("stdout", .string(normalisedOutput)))
        default: break
        }
        return .object(members)
    }

    /// What of standard output the digest may cover: on a virtual clock, what was written when the
    /// run ended.
    public var coveredOutput: [UInt8] {
        guard clock == .virtual else { return standardOutput }
        return Array(standardOutput.prefix(standardOutputAtEnd ?? .max))
    }

    /// Standard output with volatile identifiers named by first use.
    public var normalisedOutput: String {
        Trace.normalised(standardOutput)
    }

    static func normalised(_ output: [UInt8]) -> String {
        var renamer = IdentifierRenamer(known: [])
        return renamer.rename(String(decoding: output, as: UTF8.self))
    }

    static func text(of end: RunEnd?) -> String {
        switch end {
        case .exited(.code(let code)): "exit \(code)"
        case .exited(.signal(let signal)): "signal \(signal)"
        case .dismissed: "dismissed"
        case .stopped(.offTape): "off-tape"
        case .stopped(.hung): "hung"
        case .stopped(.limit(let text)): "limit: \(text)"
        case .stopped(.exhausted): "exhausted"
        case .wallLimit: "wall-limit"
        case nil: "running"
        }
    }

    static func event(_ exchange: ExchangeRecord) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("upstream", .string(exchange.upstream)),
            JSONMember(
                "request", .string("\(exchange.request.method) \(exchange.request.path)")),
            JSONMember("fingerprint", .string(exchange.fingerprint.hex)),
            JSONMember("take", .int(Int64(exchange.take))),
            JSONMember("attempt", .int(Int64(exchange.attempt))),
            JSONMember("source", .string(exchange.source.rawValue)),
            JSONMember("faults", .array(exchange.fired.map(Trace.faultEvent))),
            JSONMember("status", exchange.status.map { .int(Int64($0)) } ?? .null),
            JSONMember("ending", .string(exchange.ending.rawValue)),
        ]
        if let delivery = exchange.delivery {
            members.append(JSONMember("delivery", .string(delivery.hex)))
            members.append(
                JSONMember("duration_ns", .int(exchange.duration.nanoseconds)))
        }
        if let miss = exchange.miss {
            members.append(JSONMember("miss", .string(miss.path ?? miss.route)))
        }
        return .object(members)
    }

    static func faultEvent(_ fault: PlannedFault) -> JSONValue {
        .object([
            JSONMember("fault", .string(fault.fault)),
            JSONMember("parameters", .object(fault.parameters.members)),
        ])
    }

    // MARK: Virtual clock

    private var orderedEvents: [JSONValue] {
        var places: [ExchangeID: Int] = [:]
        for (place, exchange) in exchanges.enumerated() { places[exchange.id] = place }
        return entries[..<endOfLog].map { event(at: $0.at, $0.event, places) }
    }

    /// How many entries of the log there are up to the end of the run.
    var endOfLog: Int {
        let end = entries.lastIndex { entry in
            if case .ended = entry.event { true } else { false }
        }
        return end.map { $0 + 1 } ?? entries.count
    }

    /// The value of one entry of the log.
    func event(
        at instant: SimInstant, _ event: TraceEvent, _ places: [ExchangeID: Int]
    ) -> JSONValue {
        .object(
            [JSONMember("at_ns", .int(instant.nanoseconds))] + members(of: event, places))
    }

    private func members(of event: TraceEvent, _ places: [ExchangeID: Int]) -> [JSONMember] {
        func number(_ id: ExchangeID) -> JSONValue { .int(Int64((places[id] ?? -1) + 1)) }
        switch event {
        case .request(let id):
            let record = places[id].map { exchanges[$0] }
            return [
                JSONMember("request", number(id)),
                JSONMember("exchange", record.map { Trace.event($0) } ?? .null),
            ]
        case .step(let id, let index):
            let step = places[id].map { exchanges[$0].steps[index] }
            return [
                JSONMember("step", .int(Int64(index))), JSONMember("of", number(id)),
                JSONMember("kind", .string(step?.kind ?? "")),
                JSONMember("bytes", .int(Int64(step?.byteCount ?? 0))),
            ]
        case .agentClosed(let id):
            return [JSONMember("agent_closed", number(id))]
        case .waits(let waiter, let instant):
            return [
                JSONMember("waits", .int(Int64(waiter.number))),
                JSONMember("until_ns", .int(instant.nanoseconds)),
            ]
        case .woke(let waiter):
            return [JSONMember("woke", .int(Int64(waiter.number)))]
        case .output(let stream, let count):
            return [
                JSONMember("output", .string(stream.rawValue)),
                JSONMember("bytes", .int(Int64(count))),
            ]
        case .foreign(let address):
            return [JSONMember("foreign", .string(address))]
        case .inquiry(let entry): return members(of: entry)
        case .programDied: return [JSONMember("program_died", true)]
        case .killed(let unsent):
            return [JSONMember("killed", true), JSONMember("unsent", .int(Int64(unsent)))]
        case .started(let life): return [JSONMember("started", .int(Int64(life)))]
        case .ended(let end):
            return [JSONMember("ended", .string(Trace.text(of: end)))]
        }
    }
}

/// The first event in which two runs differ.
public struct Divergence: Hashable, Sendable {
    /// Its position in the order of the digest, from 0.
    public var index: Int
    /// The event of the first run; nil when it ended before.
    public var first: JSONValue?
    /// The event of the second run; nil when it ended before.
    public var second: JSONValue?

    /// Compares two runs; nil when their digests are equal.
    public static func first(_ left: Trace, _ right: Trace) -> Divergence? {
        first(left.digestEvents, right.digestEvents)
    }

    /// Compares the events that the digests of two runs cover; nil when they are equal.
    public static func first(_ left: [JSONValue], _ right: [JSONValue]) -> Divergence? {
        for index in 0..<max(left.count, right.count) {
            let one: JSONValue? = index < left.count ? left[index] : nil
            let other: JSONValue? = index < right.count ? right[index] : nil
            if one?.canonical() != other?.canonical() {
                return Divergence(index: index, first: one, second: other)
            }
        }
        return nil
    }
}

extension Divergence {
    /// The JSON form.
    public var json: JSONValue {
        .object([
            JSONMember("index", .int(Int64(index))),
            JSONMember("first", first ?? .null),
            JSONMember("second", second ?? .null),
        ])
    }

    /// Reads the JSON form.
    public init?(json: JSONValue) {
        guard let index = json["index"]?.intValue else { return nil }
        self.init(index: Int(index), first: json["first"], second: json["second"])
        if first == .null { first = nil }
        if second == .null { second = nil }
    }
}
