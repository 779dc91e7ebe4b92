internal import Cassette
internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// The trace events of one run.
struct RunEvents {
    /// Further steps of one exchange are counted, not shown.
    static let stepsMax = 500

    private let timeline: Timeline
    private let form: TraceEventForm
    private var threads: [String] = []
    private var events: [JSONValue] = []
    /// The thread of each exchange.
    private var places: [Int] = []

    init(_ timeline: Timeline, process: Int) {
        self.timeline = timeline
        form = TraceEventForm(process: process)
    }

    private var run: RunSummary { timeline.run }

    mutating func written() -> [JSONValue] {
        writeAgent()
        writeExchanges(.model)
        writeExchanges(.tool)
        writeFaults()
        writeRetries()
        return names + events
    }

    // MARK: Names

    private var names: [JSONValue] {
        let title = "\(run.title) · \(run.verdict.rawValue)"
        let note =
            timeline.isLaidOut ? "no global time: the agent's clock is real" : "virtual clock"
        let process = [
            form.name(
                "process_name", thread: nil, [JSONMember("name", .string(title))]),
            form.name("process_labels", thread: nil, [JSONMember("labels", .string(note))]),
            form.name(
                "process_sort_index", thread: nil,
                [JSONMember("sort_index", .int(Int64(form.process)))]),
        ]
        return process
            + threads.enumerated().flatMap { index, name in
                [
                    form.name(
                        "thread_name", thread: index + 1,
                        [JSONMember("name", .string(BoundedText.line(name, 80)))]),
                    form.name(
                        "thread_sort_index", thread: index + 1,
                        [JSONMember("sort_index", .int(Int64(index + 1)))]),
                ]
            }
    }

    private mutating func thread(_ name: String) -> Int {
        threads.append(name)
        return threads.count
    }

    // MARK: The agent

    private mutating func writeAgent() {
        let agent = thread("agent")
        var lanes = Lanes()
        for wait in timeline.waits {
            let arguments = [
                JSONMember("waiter", .int(wait.waiter)), JSONMember("until_ns", .int(wait.until)),
            ]
            guard wait.ranOut else {
                let span = SimDuration(nanoseconds: wait.until.subtractingSaturated(wait.start))
                events.append(
                    form.instant(
                        "waits, at most \(TimeText.short(span))", "wait", thread: agent,
                        at: wait.start, arguments))
                continue
            }
            let lane = lanes.lane(from: wait.start, to: wait.until)
            while threads.count <= lane { _ = thread("agent, waits \(threads.count + 1)") }
            events.append(
                form.slice(
                    "waits", "wait", thread: agent + lane, from: wait.start, to: wait.until,
                    arguments))
        }
        for mark in timeline.marks {
            events.append(form.instant(mark.name, "agent", thread: agent, at: mark.at))
        }
        writeVerdict(agent)
    }

    private mutating func writeVerdict(_ agent: Int) {
        for result in run.broken {
            events.append(
                form.instant(
                    "✗ \(result.id)", "invariant", thread: agent, at: instant(of: result),
                    [JSONMember("message", text(result.message))]))
        }
        let end = timeline.end
        events.append(form.instant("the agent \(run.ending)", "agent", thread: agent, at: end))
        let arguments = [
            JSONMember("reason", text(run.ruling.reason)),
            JSONMember("digest", .string(run.digest.hex)),
            JSONMember("grade", .string(run.grade.letter.rawValue)),
            JSONMember("reproduce", .string(SafeText.line(run.reproduce))),
        ]
        events.append(
            form.instant(run.verdict.rawValue, "verdict", thread: agent, at: end, arguments))
    }

    private func instant(of result: InvariantResult) -> Int64 {
        switch result.position {
        case .beginning: 0
        case .request(let id): timeline.exchange(id)?.start ?? timeline.end
        case .delivery(let id): timeline.exchange(id)?.end ?? timeline.end
        case .end, nil: timeline.end
        }
    }

    // MARK: Exchanges

    /// One thread for each upstream, and more where exchanges overlap: slices of a thread must nest.
    private mutating func writeExchanges(_ kind: UpstreamKind) {
        if places.isEmpty { places = Array(repeating: 0, count: timeline.exchanges.count) }
        var upstreams: [String] = []
        for exchange in timeline.exchanges where exchange.summary.kind == kind {
            if !upstreams.contains(exchange.summary.upstream) {
                upstreams.append(exchange.summary.upstream)
            }
        }
        for upstream in upstreams {
            var lanes = Lanes()
            var tracks: [Int] = []
            for (index, exchange) in timeline.exchanges.enumerated()
            where exchange.summary.kind == kind && exchange.summary.upstream == upstream {
                let lane = lanes.lane(from: exchange.start, to: exchange.end)
                while tracks.count <= lane {
                    let number = tracks.isEmpty ? "" : " \(tracks.count + 1)"
                    tracks.append(thread("\(kind.rawValue) \(upstream)\(number)"))
                }
                places[index] = tracks[lane]
                write(exchange, thread: tracks[lane])
            }
        }
    }

    private mutating func write(_ exchange: TimelineExchange, thread: Int) {
        let kind = exchange.summary.kind.rawValue
        events.append(
            form.slice(
                exchange.summary.route, kind, thread: thread, from: exchange.start,
                to: exchange.end, arguments(exchange.summary)))
        for step in exchange.steps.prefix(Self.stepsMax) {
            let size = step.byteCount > 0 ? ", \(step.byteCount) bytes" : ""
            events.append(form.instant(step.kind + size, "step", thread: thread, at: step.at))
        }
        let more = exchange.steps.count - Self.stepsMax
        if more > 0 {
            events.append(
                form.instant("\(more) more steps", "step", thread: thread, at: exchange.end))
        }
        if let closedAt = exchange.closedAt {
            let name = exchange.isTimeout ? "time-out: the agent hangs up" : "the agent hangs up"
            events.append(form.instant(name, "agent", thread: thread, at: closedAt))
        } else if exchange.summary.cancelled {
            events.append(
                form.instant("the agent hangs up", "agent", thread: thread, at: exchange.end))
        }
    }

    private func arguments(_ exchange: ExchangeSummary) -> [JSONMember] {
        [
            JSONMember("exchange", .int(Int64(exchange.id.number))),
            JSONMember("status", exchange.status.map { .int(Int64($0)) } ?? .null),
            JSONMember("ending", .string(exchange.ending.rawValue)),
            JSONMember("source", .string(exchange.source.rawValue)),
            JSONMember("take", .int(Int64(exchange.take))),
            JSONMember("attempt", .int(Int64(exchange.attempt))),
            JSONMember("faults", .array(exchange.fired.map { text($0) })),
            JSONMember("chunks", .int(Int64(exchange.chunkCount))),
            JSONMember("bytes", .int(Int64(exchange.byteCount))),
        ] + (exchange.said.map { [JSONMember("said", text($0))] } ?? [])
            + (exchange.miss.isEmpty
                ? [] : [JSONMember("miss", .array(exchange.miss.prefix(20).map { text($0) }))])
    }

    // MARK: Faults and retries

    private mutating func writeFaults() {
        guard !run.met.isEmpty || !run.unreached.isEmpty else { return }
        let faults = thread("faults")
        for met in run.met {
            let (word, more) = fate(met.fate)
            let parameters = JSONValue.object(met.planned.parameters.members).canonicalText()
            let arguments =
                [
                    JSONMember("exchange", .int(Int64(met.exchange.number))),
                    JSONMember("parameters", text(parameters)),
                ] + more
            events.append(
                form.instant(
                    met.planned.fault + word, "fault", thread: faults,
                    at: timeline.exchange(met.exchange)?.start ?? 0, arguments))
        }
        for planned in run.unreached {
            events.append(
                form.instant(
                    planned.fault + " (never reached)", "fault", thread: faults, at: timeline.end))
        }
    }

    private func fate(_ fate: FaultFate) -> (word: String, more: [JSONMember]) {
        switch fate {
        case .fired: ("", [])
        case .masked(let by): (" (masked)", [JSONMember("by", text(by))])
        case .inapplicable(let reason): (" (inapplicable)", [JSONMember("reason", text(reason))])
        case .unreached: (" (never reached)", [])
        }
    }

    private mutating func writeRetries() {
        for (number, pair) in timeline.retries.enumerated() {
            let (first, second) = (timeline.exchanges[pair.first], timeline.exchanges[pair.second])
            // The arrow begins within the slice: at its very end the slice is over.
            let last = max(first.start, first.end.subtractingSaturated(1))
            let id = form.process.multipliedReportingOverflow(by: 1_000_000).partialValue
            events.append(form.arrow("s", id &+ number, thread: places[pair.first], at: last))
            events.append(
                form.arrow("f", id &+ number, thread: places[pair.second], at: second.start))
        }
    }

    private func text(_ text: String) -> JSONValue {
        .string(BoundedText.line(text, 400))
    }
}

/// Spans that overlap go to different lanes.
private struct Lanes {
    private var ends: [Int64] = []

    /// The first lane that is free.
    mutating func lane(from start: Int64, to end: Int64) -> Int {
        let last = max(end, start.addingSaturated(TraceEventForm.durationMin))
        if let lane = ends.firstIndex(where: { $0 <= start }) {
            ends[lane] = last
            return lane
        }
        ends.append(last)
        return ends.count - 1
    }
}
