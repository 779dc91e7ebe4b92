public import Faults
public import Judgement
public import Simulation
internal import Cassette
internal import Determinism

extension Observation {
    /// How many deadlines are kept of one run.
    static let deadlinesMax = 64

    /// Reads a judged run; `results` are those of the plan's invariants.
    public init(
        _ trace: Trace, plan: Plan, results: [InvariantResult], nondeterministic: Bool = false,
        grade: GradeLetter = .a
    ) {
        let ruling = Judge.ruling(
            trace: trace, results: results, nondeterministic: nondeterministic)
        let together = Observation.waitedTogether(trace)
        self.init(
            verdict: ruling.verdict, reason: ruling.reason,
            signature: ruling.verdict.isFailure ? FailureSignature(trace, results) : nil,
            digest: trace.digest, effect: Observation.effect(trace),
            faults: Observation.faults(trace, plan), anchors: Observation.anchors(trace),
            deadlines: Observation.deadlines(trace),
            waitedTogether: together.most, orderChoices: together.choices,
            virtualTime: trace.duration,
            rules: results.map { RuleOutcome($0) }, grade: grade)
    }

    /// The digest of the run without the names of its faults, and with what they did to the tape:
    /// whether an answer was used up decides what a later request gets.
    ///
    /// Where that was still open, since the agent left or the run ended, the name stays: of two
    /// faults with the same bytes one may use up the answer when the agent stays.
    private static func effect(_ trace: Trace) -> Digest {
        guard trace.exchanges.contains(where: { !$0.fired.isEmpty }) else { return trace.digest }
        var nameless = trace
        var consumed: [JSONValue] = []
        for index in nameless.exchanges.indices {
            let exchange = nameless.exchanges[index]
            if exchange.sentCount == exchange.steps.count { nameless.exchanges[index].faults = [] }
            consumed.append(.bool(exchange.consumed))
        }
        var rolling = RollingDigest()
        rolling.append(nameless.digest.bytes)
        rolling.append(JSONValue.array(consumed).canonical())
        return rolling.value
    }

    private static func faults(_ trace: Trace, _ plan: Plan) -> [ObservedFault] {
        var places: [PlannedFault: Int] = [:]
        for (index, fault) in plan.faults.enumerated() where places[fault] == nil {
            places[fault] = index
        }
        func place(_ fault: PlannedFault) -> Int? {
            if let place = places[fault] { return place }
            var everywhere = fault
            everywhere.anchor.attempt = nil
            return places[everywhere]
        }
        var found: [ObservedFault] = []
        for exchange in trace.exchanges {
            for record in exchange.faults {
                guard let index = place(record.planned) else { continue }
                found.append(
                    ObservedFault(
                        index: index, attempt: record.planned.anchor.attempt,
                        fate: record.outcome))
            }
        }
        for fault in trace.unreached {
            guard let index = place(fault) else { continue }
            found.append(ObservedFault(index: index, attempt: nil, fate: .unreached))
        }
        return found
    }

    private static func anchor(_ exchange: ExchangeRecord) -> ReachedAnchor? {
        // An answer that is given again is given clean, whatever the plan says.
        guard let ordinal = exchange.ordinal, exchange.source != .reask else { return nil }
        return ReachedAnchor(ordinal: ordinal, attempt: exchange.attempt)
    }

    private static func anchors(_ trace: Trace) -> [ReachedAnchor] {
        var seen: Set<ReachedAnchor> = []
        return trace.exchanges.compactMap(anchor).filter { seen.insert($0).inserted }
    }

    /// How many requests stand side by side in the log, where they were answered together, and how
    /// often one of several was chosen for that.
    private static func waitedTogether(_ trace: Trace) -> (most: Int, choices: Int) {
        var most = 0
        var choices = 0
        var current = 0
        for (_, event) in trace.log {
            guard case .request = event else {
                current = 0
                continue
            }
            current += 1
            if current > 1 { choices += 1 }
            most = max(most, current)
        }
        return (most, choices)
    }

    /// The waits that began while an answer was under way.
    private static func deadlines(_ trace: Trace) -> [ObservedDeadline] {
        let log = trace.log
        var open: [ExchangeID: (exchange: ExchangeRecord, steps: Int)] = [:]
        var order: [ExchangeID] = []
        let records = Dictionary(
            trace.exchanges.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<ObservedDeadline> = []
        var found: [ObservedDeadline] = []
        var ahead = Ahead()
        for (place, entry) in log.enumerated() {
            switch entry.event {
            case .request(let id):
                guard let record = records[id] else { continue }
                open[id] = (record, 0)
                order.append(id)
            case .step(let id, let index):
                open[id]?.steps = index + 1
                if let record = open[id]?.exchange, index + 1 >= record.steps.count {
                    open[id] = nil
                    order.removeAll { $0 == id }
                }
            case .agentClosed(let id):
                open[id] = nil
                order.removeAll { $0 == id }
            case .waits(_, let until):
                // A request is logged when it is answered; the wait for it may be logged before,
                // at the same instant.
                guard found.count < deadlinesMax else { return found }
                if place >= ahead.end { ahead = upcoming(log, after: place) }
                let coming = ahead.requests.filter { $0.place > place }
                    .compactMap { records[$0.id] }
                let waiting = order.compactMap { open[$0] } + coming.map { ($0, 0) }
                for (record, steps) in waiting {
                    // What a fault made of an answer says nothing of the recorded one.
                    guard let anchor = anchor(record), record.fired.isEmpty,
                        found.count < deadlinesMax
                    else { continue }
                    let deadline = ObservedDeadline(
                        anchor: anchor, steps: steps, length: entry.at.duration(to: until),
                        sinceRequest: record.arrivedAt.duration(to: until))
                    if seen.insert(deadline.kind).inserted { found.append(deadline) }
                }
            default: break
            }
        }
        return found
    }

    /// The requests of one instant that stand among nothing but waits and requests.
    ///
    /// Waits that follow each other share it: an agent may begin thousands at one instant.
    private struct Ahead {
        var requests: [(place: Int, id: ExchangeID)] = []
        /// The place behind all of them.
        var end = 0
    }

    /// The requests that are logged at the same instant before anything else happens.
    private static func upcoming(
        _ log: [(at: SimInstant, event: TraceEvent)], after place: Int
    ) -> Ahead {
        var ahead = Ahead(end: place + 1)
        for entry in log[(place + 1)...] {
            guard entry.at == log[place].at else { break }
            switch entry.event {
            case .waits: break
            case .request(let id): ahead.requests.append((ahead.end, id))
            default: return ahead
            }
            ahead.end += 1
        }
        return ahead
    }
}

extension ObservedDeadline {
    /// The same for all waits of one length between the pieces of a body, of which a long stream
    /// has thousands.
    fileprivate var kind: ObservedDeadline {
        guard steps > 2 else { return self }
        var kind = self
        kind.steps = 3
        kind.sinceRequest = .zero
        return kind
    }
}
