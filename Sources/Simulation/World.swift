public import Cassette
public import Determinism
public import Faults
internal import WireProtocols

/// What a world needs to know beside tape and plan.
public struct WorldOptions: Hashable, Sendable {
    /// How time passes.
    public var clock: ClockMode
    /// How many requests an agent may send before the run is stopped.
    public var exchangesMax: Int
    /// How many bytes of each output stream are kept.
    public var outputBytesMax: Int

    /// Creates options.
    public init(
        clock: ClockMode = .real, exchangesMax: Int = 10_000, outputBytesMax: Int = 4 << 20
    ) {
        self.clock = clock
        self.exchangesMax = exchangesMax
        self.outputBytesMax = outputBytesMax
    }
}

/// The state machine that decides everything in a run: which recorded answer is due, what the
/// plan does to it, when each step is sent, and when the run is over.
///
/// With a virtual clock, time moves only at `quiescent`, one event at a time. With the agent's
/// real clock each exchange has its own time line: a step is due when the agent took the one
/// before, whatever its instant.
public struct World: WorldMachine {
    struct Flight: Sendable {
        var exchange: ExchangeID
        var delivery: PreparedDelivery
        var startedAt: SimInstant
        var next = 0
        var ordinal: Int?
        var altered = false
        var keepsTake = false
        var settled = false
    }

    enum Scheduled: Hashable, Sendable {
        case step(ExchangeID)
        case timer(WaiterID)
    }

    /// The instant of the run.
    public private(set) var now: SimInstant = .zero
    /// The log of the run so far.
    public internal(set) var trace: Trace
    /// The tape.
    public let tape: Tape
    /// The plan.
    public let plan: Plan
    /// The options.
    public let options: WorldOptions

    var matcher: Matcher
    var echo = EchoMap()
    let cache: DeliveryCache
    let agenda: PlanAgenda
    var met: Set<Int> = []
    var earlierAnswers: EarlierAnswers?
    private var flights = ExchangeTable<Flight>()
    private var pending: [(id: ExchangeID, upstream: String, request: RecordedRequest)] = []
    private var queue = EventQueue<Scheduled>()
    private var timers: [WaiterID: UInt64] = [:]
    private var stopped = false

    /// Creates a world at the start of a run.
    public init(
        tape: Tape, plan: Plan, options: WorldOptions = WorldOptions(),
        cache: DeliveryCache = DeliveryCache()
    ) {
        self.tape = tape
        self.plan = plan
        self.options = options
        self.cache = cache
        matcher = Matcher(tape)
        agenda = PlanAgenda(plan, tape: tape)
        trace = Trace(cassette: tape.hash, clock: options.clock)
    }

    /// Takes one event and appends what is to be done.
    public mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        switch event {
        case .request(let id, let upstream, let request):
            guard !stopped else { return }
            trace.append(.request(id), at: now)
            if options.clock == .virtual {
                pending.append((id, upstream, request))
            } else {
                begin(id, upstream, request, &actions)
            }
        case .taken(let id):
            if options.clock == .real { sendNext(id, &actions) }
        case .agentClosed(let id):
            agentClosed(id)
        case .waits(let waiter, let instant):
            trace.append(.waits(waiter, until: instant), at: now)
            timers[waiter] = queue.push(at: max(instant, now), class: 1, .timer(waiter))
        case .stopsWaiting(let waiter):
            if let sequence = timers.removeValue(forKey: waiter) {
                _ = queue.cancel(sequence: sequence)
            }
        case .quiescent:
            if !stopped { advance(&actions) }
        case .output(let stream, let bytes):
            keepOutput(stream, bytes)
        case .foreignConnection(let address):
            trace.append(.foreign(address), at: now)
        case .exited(let status):
            end(.exited(status))
        case .wallLimit:
            end(.wallLimit)
        }
    }

    // MARK: Time

    /// Answers what waits, in keyed order, then lets exactly one thing happen.
    private mutating func advance(_ actions: inout ActionBuffer) {
        let waiting = ordered(pending)
        pending = []
        for (id, upstream, request) in waiting where !stopped {
            begin(id, upstream, request, &actions)
        }
        guard !stopped else { return }
        while let entry = queue.pop() {
            switch entry.payload {
            case .step(let id):
                guard flights[id] != nil else { continue }
                move(to: entry.instant, &actions)
                sendNext(id, &actions)
            case .timer(let waiter):
                guard timers.removeValue(forKey: waiter) != nil else { continue }
                move(to: entry.instant, &actions)
                trace.append(.woke(waiter), at: now)
                actions.append(.wake(waiter))
            }
            return
        }
        stop(.hung, &actions)
    }

    private mutating func move(to instant: SimInstant, _ actions: inout ActionBuffer) {
        guard instant > now else { return }
        now = instant
        actions.append(.setClock(now))
    }

    /// The order of requests that wait together is drawn, so that the kernel does not choose it.
    private func ordered(
        _ requests: [(id: ExchangeID, upstream: String, request: RecordedRequest)]
    ) -> [(id: ExchangeID, upstream: String, request: RecordedRequest)] {
        guard requests.count > 1 else { return requests }
        let keyed = requests.map { item in
            let identity = tape.identity(of: item.request, upstream: item.upstream)
            let draw = KeyedRandom(
                seed: plan.order, callID: identity.fingerprint.high, take: 0, attempt: 0)
            return (key: draw.word(.order), item: item)
        }
        return keyed.sorted { ($0.key, $0.item.id) < ($1.key, $1.item.id) }.map(\.item)
    }

    // MARK: Deliveries

    private mutating func begin(
        _ id: ExchangeID, _ upstream: String, _ request: RecordedRequest,
        _ actions: inout ActionBuffer
    ) {
        guard trace.exchanges.count < options.exchangesMax else {
            stop(.limit("more than \(options.exchangesMax) requests"), &actions)
            return
        }
        let answer = answer(id, upstream, request)
        trace.exchanges.append(answer.record)
        guard var flight = answer.flight else {
            stop(.offTape, &actions)
            return
        }
        flight.startedAt = now
        flights[id] = flight
        if options.clock == .virtual {
            schedule(flight)
        } else {
            sendNext(id, &actions)
        }
    }

    private mutating func schedule(_ flight: Flight) {
        guard flight.next < flight.delivery.steps.count else { return }
        let step = flight.delivery.steps[flight.next]
        // A hang is nothing that will ever happen.
        guard step.step != nil else { return }
        queue.push(at: flight.startedAt + step.at, class: 0, .step(flight.exchange))
    }

    private mutating func sendNext(_ id: ExchangeID, _ actions: inout ActionBuffer) {
        guard var flight = flights[id], flight.next < flight.delivery.steps.count else { return }
        let index = flight.next
        let step = flight.delivery.steps[index]
        let before = index == 0 ? .zero : flight.delivery.steps[index - 1].at
        flight.next += 1
        trace.append(.step(id, index: index), at: now)
        update(id) { $0.sentCount = index + 1 }
        if let act = step.step { actions.append(.send(id, act, after: step.at - before)) }
        if flight.delivery.wholeAtStep == index { settle(&flight) }
        if flight.next == flight.delivery.steps.count {
            settle(&flight, whole: false)
            // A hang keeps its place, so that the agent's hanging up is seen.
            flights[id] = step.step == nil ? flight : nil
        } else {
            flights[id] = flight
            if options.clock == .virtual { schedule(flight) }
        }
    }

    /// Decides once whether the recorded answer is used up.
    private mutating func settle(_ flight: inout Flight, whole: Bool = true) {
        guard !flight.settled, let ordinal = flight.ordinal else { return }
        flight.settled = true
        let consumed = whole && !flight.keepsTake
        matcher.delivered(ordinal, consumed: consumed, altered: flight.altered)
        update(flight.exchange) { $0.consumed = consumed }
    }

    private mutating func agentClosed(_ id: ExchangeID) {
        guard var flight = flights.removeValue(forKey: id) else { return }
        trace.append(.agentClosed(id), at: now)
        if !flight.settled { update(id) { $0.cancelled = true } }
        // It left where it had left while recording: it took what it wanted. How many bytes
        // were under way is for its own clock to decide, so they are not compared.
        settle(&flight, whole: flight.ordinal.map(leftWhileRecording) ?? false)
    }

    private func leftWhileRecording(_ ordinal: Int) -> Bool {
        let recorded = try? cache.entry(ordinal, tape: tape).interaction
        return recorded?.agentLeftAfterBytes != nil
    }

    // MARK: The end

    private mutating func stop(_ reason: StopReason, _ actions: inout ActionBuffer) {
        guard !stopped else { return }
        end(.stopped(reason))
        actions.append(.stop(reason))
    }

    private mutating func end(_ reason: RunEnd) {
        stopped = true
        guard trace.end == nil else { return }
        // Whoever ended the run, the agent is gone from every connection.
        for id in flights.keys {
            if let flight = flights[id], !flight.settled { update(id) { $0.cancelled = true } }
        }
        trace.append(.ended(reason), at: now)
        trace.end = reason
        trace.unplayed = matcher.unplayed
        trace.unreached = plan.faults.indices.filter { !met.contains($0) }
            .map { plan.faults[$0] }
    }

    private mutating func keepOutput(_ stream: OutputStream, _ bytes: [UInt8]) {
        trace.append(.output(stream, byteCount: bytes.count), at: now)
        switch stream {
        case .standardOutput:
            let room = options.outputBytesMax - trace.standardOutput.count
            trace.standardOutput.append(contentsOf: bytes.prefix(max(0, room)))
        case .standardError:
            let room = options.outputBytesMax - trace.standardError.count
            trace.standardError.append(contentsOf: bytes.prefix(max(0, room)))
        }
    }

    private mutating func update(_ id: ExchangeID, _ change: (inout ExchangeRecord) -> Void) {
        // Exchanges are appended in order of their numbers except under a virtual clock,
        // where those that waited together are answered in keyed order.
        let guess = id.number - 1
        if guess < trace.exchanges.count, trace.exchanges[guess].id == id {
            change(&trace.exchanges[guess])
        } else if let index = trace.exchanges.firstIndex(where: { $0.id == id }) {
            change(&trace.exchanges[index])
        }
    }
}
