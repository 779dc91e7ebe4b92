internal import Determinism
internal import Faults
internal import Simulation

extension Timeline {
    /// More entries of a log are not shown.
    private static let logMax = 100_000

    /// With the steps, waits and outputs of a trace in the form of the JSON report.
    init(_ run: RunSummary, trace: JSONValue) {
        self.init(run)
        var places: [Int64: Int] = [:]
        for (place, exchange) in exchanges.enumerated() {
            places[Int64(exchange.summary.id.number)] = place
        }
        for record in trace["exchanges"]?.arrayValue ?? [] {
            guard let place = record["exchange"]?.intValue.flatMap({ places[$0] }) else { continue }
            add(record, at: place)
        }
        guard !isLaidOut else { return }
        var reader = LogReader(places: places)
        for entry in (trace["log"]?.arrayValue ?? []).prefix(Self.logMax) {
            reader.read(entry, into: &self)
        }
    }

    private mutating func add(_ record: JSONValue, at place: Int) {
        let start = exchanges[place].start
        let sent = record["sent"]?.intValue ?? 0
        let steps = (record["steps"]?.arrayValue ?? []).prefix(Int(clamping: max(0, sent)))
        exchanges[place].steps = steps.map { step in
            TimelineExchange.Step(
                at: start.addingSaturated(step["at_ns"]?.intValue ?? 0),
                kind: step["kind"]?.stringValue ?? "", byteCount: step["bytes"]?.intValue ?? 0)
        }
        if let fingerprint = record["fingerprint"]?.stringValue {
            let exchange = exchanges[place].summary
            exchanges[place].key = "\(exchange.upstream) \(fingerprint) \(exchange.take)"
        }
        if let last = exchanges[place].steps.last { exchanges[place].end = max(start, last.at) }
    }
}

/// Reads the log of a run, entry by entry.
private struct LogReader {
    let places: [Int64: Int]
    private var open: [Int64: Int] = [:]
    private var wokeAt: Int64?

    init(places: [Int64: Int]) {
        self.places = places
    }

    mutating func read(_ entry: JSONValue, into timeline: inout Timeline) {
        guard let at = entry["at_ns"]?.intValue, let event = entry["event"]?.stringValue else {
            return
        }
        switch event {
        case "request", "step": break
        case "agent-closed": close(entry, at, &timeline)
        case "waits": wait(entry, at, &timeline)
        case "woke": wake(entry, at, &timeline)
        default:
            if let name = Self.name(of: event, entry) {
                timeline.marks.append(TimelineMark(at: at, name: name))
            }
        }
    }

    private func close(_ entry: JSONValue, _ at: Int64, _ timeline: inout Timeline) {
        guard let place = entry["exchange"]?.intValue.flatMap({ places[$0] }) else { return }
        let isOpen = !timeline.exchanges[place].steps.contains { $0.kind == "end" }
        guard isOpen else { return }
        timeline.exchanges[place].closedAt = at
        timeline.exchanges[place].isTimeout = wokeAt == at
        timeline.exchanges[place].end = max(timeline.exchanges[place].start, at)
    }

    private mutating func wait(_ entry: JSONValue, _ at: Int64, _ timeline: inout Timeline) {
        guard let waiter = entry["waiter"]?.intValue, let until = entry["until_ns"]?.intValue else {
            return
        }
        open[waiter] = timeline.waits.count
        timeline.waits.append(TimelineWait(waiter: waiter, start: at, until: until))
    }

    private mutating func wake(_ entry: JSONValue, _ at: Int64, _ timeline: inout Timeline) {
        wokeAt = at
        guard let place = entry["waiter"]?.intValue.flatMap({ open.removeValue(forKey: $0) }) else {
            return
        }
        timeline.waits[place].ranOut = true
    }

    private static func name(of event: String, _ entry: JSONValue) -> String? {
        let number = (entry["asked"] ?? entry["life"])?.intValue.map { " \($0)" } ?? ""
        return switch event {
        case "output":
            "\(entry["stream"]?.stringValue ?? "output"), \(entry["bytes"]?.intValue ?? 0) bytes"
        case "foreign": "tries to reach " + (entry["address"]?.stringValue ?? "")
        case "ended": nil
        default: event + number
        }
    }
}
