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
    /// How many events a run may log before it is stopped, so that no agent polls without end.
    public var eventsMax: Int
    /// How far the virtual clock may go: an agent that only looks at the time again and again, and
    /// never gets what it waits for, hangs.
    public var virtualTimeMax: SimDuration
    /// What an agent that is a server is asked; nil for any other agent.
    public var questions: Questions?
    /// Whether the shell can kill the agent and start it again.
    public var canRestart: Bool

    /// Creates options.
    public init(
        clock: ClockMode = .real, exchangesMax: Int = 10_000, outputBytesMax: Int = 4 << 20,
        eventsMax: Int = 2_000_000,
        virtualTimeMax: SimDuration = .seconds(86_400), questions: Questions? = nil,
        canRestart: Bool = false
    ) {
        self.clock = clock
        self.exchangesMax = exchangesMax
        self.outputBytesMax = outputBytesMax
        self.eventsMax = eventsMax
        self.virtualTimeMax = virtualTimeMax
        self.questions = questions
        self.canRestart = canRestart
    }
}

/// The state machine that decides everything in a run: which recorded answer is due, what the
/// plan does to it, when each step is sent, and when the run is over.
///
/// With a virtual clock, time moves only at `quiescent`, one event at a time. With the agent's
/// real clock each exchange has its own time line: a step is due when the agent took the one
/// before, whatever its instant.
public struct World: WorldMachine {
    /// A delivery under way; plain numbers, since every step of it takes one out and puts it back.
    struct Flight: Sendable {
        /// Its place among the deliveries of the run.
        let place: Int
        let startedAt: SimInstant
        /// The place of its exchange in the trace.
        var exchange = 0
        var next = 0
        /// The recorded answer that it uses up; nil for one given again, and for a stub.
        var ordinal: Int?
        var altered = false
        var keepsTake = false
        /// Whether all that the agent needs was sent.
        var isWhole = false
        /// Whether it was decided if the recorded answer is used up.
        var settled = false
    }

    /// A request that waits for quiescence.
    struct Waiting: Sendable {
        var id: ExchangeID
        var reading: RequestReading
        var request: RecordedRequest
        /// Whether the agent hung up before the request was looked at.
        var agentLeft = false
        var isOverHTTP2 = false
    }

    enum Scheduled: Hashable, Sendable {
        case step(ExchangeID)
        case timer(WaiterID)
        case turn(WaiterID)
        case reminder(Int)
    }

    /// The instant of the run.
    public internal(set) var now: SimInstant = .zero
    /// The log of the run so far.
    public internal(set) var trace: Trace
    /// The tape.
    public let tape: Tape
    /// The plan.
    public internal(set) var plan: Plan
    /// The options.
    public let options: WorldOptions
    /// What every step asks of the options, of which a copy would cost each time.
    let isClockVirtual: Bool
    let eventsMax: Int
    /// How far the clock may go.
    let instantMax: SimInstant

    var matcher: Matcher
    var echo = EchoMap()
    /// The recorded prompt and the one that the plan gives to the agent in its place.
    let changedPrompt: EchoMap
    let cache: DeliveryCache
    var agenda: PlanAgenda
    var order: WaitingOrder
    var met: Set<Int> = []
    var flights = ExchangeTable<Flight>()
    var deliveries: [PreparedDelivery] = []
    var places = ExchangeTable<Int>()
    var pending: [Waiting] = []
    /// The request that is told next, where it came over HTTP/2.
    var streamed: ExchangeID?
    /// Exchanges that the agent left; under the virtual clock the world sees to them at quiescence,
    /// since the kernel decides in which order they are heard of.
    var leaving: [ExchangeID] = []
    /// What waits for leave to open a connection.
    var asking: [Asking] = []
    var queue = EventQueue<Scheduled>()
    var timers: [WaiterID: UInt64] = [:]
    /// How often the agent let others go first.
    var turnsGiven = 0
    var inquiry: Inquiry?
    /// When something happened last, beside waits that ended.
    var lastSign: SimInstant = .zero
    var stopped = false
    /// Which life of the agent this is, from 1.
    var life = 1
    var crashDue: DueCrash?
    /// The place of the exchange after which the next program dies.
    var strikesProgramFor: Int?
    /// The crash that has struck, until nothing is left of the agent.
    var dying: Crash?
    /// How far the agent's wall clock was set in all.
    var wallShift: SimDuration = .zero

    /// Creates a world at the start of a run.
    ///
    /// A cache that other runs have used with another tape is not touched.
    public init(
        tape: Tape, plan: Plan, options: WorldOptions = WorldOptions(),
        cache: DeliveryCache = DeliveryCache()
    ) {
        self.tape = tape
        self.plan = plan
        self.options = options
        isClockVirtual = options.clock == .virtual
        eventsMax = options.eventsMax
        instantMax = .zero + options.virtualTimeMax
        self.cache = cache.serves(tape) ? cache : DeliveryCache()
        matcher = Matcher(tape)
        changedPrompt = EchoMap(prompt: tape.manifest.prompt, given: plan.prompt)
        echo = changedPrompt
        agenda = PlanAgenda(plan, tape: tape)
        order = WaitingOrder(plan)
        trace = Trace(cassette: tape.hash, clock: options.clock)
        trace.entries = TraceLog(room: self.cache.logRoom)
        trace.exchanges.reserveCapacity(self.cache.recordRoom)
        inquiry = options.questions.map { Inquiry($0) }
        trace.asked = inquiry?.records ?? []
    }

    /// Takes one event and appends what is to be done.
    ///
    /// After the end only output is taken, which may still be on its way.
    public mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        switch event {
        case .output(let stream, let bytes): keepOutput(stream, bytes)
        case .exited(let status):
            if let dying, !stopped { return begin(after: dying, &actions) }
            end(inquiry?.isEndedWell(status) == true ? .dismissed(status) : .exited(status))
        case .wallLimit: end(.wallLimit)
        case _ where stopped: return
        // What is heard of an agent that is killed is too late.
        case _ where dying != nil: return
        case .overHTTP2(let id): streamed = id
        case .request(let id, let upstream, let request):
            arrived(id, upstream, request, &actions)
        case .taken(let id):
            if !isClockVirtual { sendNext(id, &actions) }
        case .agentClosed(let id): left(id, &actions)
        case .waits(let waiter, let instant): wait(waiter, until: instant)
        case .yields(let waiter): yield(waiter)
        case .stopsWaiting(let waiter): stopWaiting(waiter)
        case .asks(let opener, let step, let upstream):
            asking.append(Asking(opener: opener, step: step, upstream: upstream))
        case .quiescent: return becameQuiescent(&actions)
        case .foreignConnection(let address): trace.append(.foreign(address), at: now)
        case .programDied: programDied()
        case .exceeds(let text): stop(.exhausted(text), &actions)
        case .inquiry(let event): inquire(event, &actions)
        }
        limitEvents(&actions)
    }

    /// Takes `quiescent`, by far the most frequent event.
    mutating func becameQuiescent(_ actions: inout ActionBuffer) {
        guard !stopped, dying == nil else { return }
        advance(&actions)
        limitEvents(&actions)
    }

    private mutating func limitEvents(_ actions: inout ActionBuffer) {
        if trace.eventCount + turnsGiven > eventsMax {
            stop(.limit("more than \(eventsMax) events"), &actions)
        }
    }

    private mutating func arrived(
        _ id: ExchangeID, _ upstream: String, _ request: RecordedRequest,
        _ actions: inout ActionBuffer
    ) {
        guard trace.exchanges.count + pending.count < options.exchangesMax else {
            stop(.limit("more than \(options.exchangesMax) requests"), &actions)
            return
        }
        let reading = cache.readings.reading(of: request, upstream: upstream, tape: tape)
        let waiting = Waiting(
            id: id, reading: reading, request: request, isOverHTTP2: streamed == id)
        if isClockVirtual {
            pending.append(waiting)
        } else {
            begin(waiting, &actions)
        }
    }

    private mutating func left(_ id: ExchangeID, _ actions: inout ActionBuffer) {
        if let place = pending.firstIndex(where: { $0.id == id }) {
            pending[place].agentLeft = true
        } else if isClockVirtual {
            leaving.append(id)
        } else {
            agentClosed(id, &actions)
        }
    }

    /// Sees to the exchanges that were left, in the order in which they began.
    private mutating func seeOff(_ actions: inout ActionBuffer) {
        guard !leaving.isEmpty else { return }
        let left = leaving.sorted { (places[$0] ?? 0) < (places[$1] ?? 0) }
        leaving = []
        for id in left { agentClosed(id, &actions) }
    }

    // MARK: Time

    private mutating func wait(_ waiter: WaiterID, until instant: SimInstant) {
        stopWaiting(waiter)
        trace.append(.waits(waiter, until: instant), at: now)
        timers[waiter] = queue.push(at: max(instant, now), class: 1, .timer(waiter))
    }

    private mutating func yield(_ waiter: WaiterID) {
        stopWaiting(waiter)
        turnsGiven += 1
        timers[waiter] = queue.push(at: now, class: 1, .turn(waiter))
    }

    mutating func stopWaiting(_ waiter: WaiterID) {
        if let sequence = timers.removeValue(forKey: waiter) { queue.cancel(sequence: sequence) }
    }

    /// Answers what waits, in keyed order, then lets exactly one thing happen.
    private mutating func advance(_ actions: inout ActionBuffer) {
        seeOff(&actions)
        guard !strikeIfDue(&actions) else { return }
        if !pending.isEmpty {
            lastSign = now
            let waiting = order.ordered(pending)
            pending.removeAll(keepingCapacity: true)
            for item in waiting where !stopped {
                begin(item, &actions)
                if item.agentLeft { agentClosed(item.id, &actions) }
            }
        }
        guard !stopped, !answerNext(&actions) else { return }
        while let entry = queue.pop() {
            guard entry.instant <= instantMax else { break }
            switch entry.payload {
            case .step(let id):
                guard flights.contains(id) else { continue }
                move(to: entry.instant, &actions)
                lastSign = now
                sendNext(id, &actions)
            case .timer(let waiter):
                timers[waiter] = nil
                move(to: entry.instant, &actions)
                trace.append(.woke(waiter), at: now)
                actions.append(.wake(waiter))
            case .turn(let waiter):
                timers[waiter] = nil
                actions.append(.wake(waiter))
            case .reminder(let number):
                guard inquiry?.awaits(number) == true, !putsOff(number, from: entry.instant)
                else { continue }
                // Running out of patience takes no time: nothing else was left to happen.
                if inquiry?.isLimit(number) != true { move(to: entry.instant, &actions) }
                inquire(.reminded(number), &actions)
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

    // MARK: The end

    mutating func stop(_ reason: StopReason, _ actions: inout ActionBuffer) {
        guard !stopped else { return }
        end(.stopped(reason))
        actions.append(.stop(reason))
    }

    private mutating func end(_ reason: RunEnd) {
        guard !stopped else { return }
        var unused = ActionBuffer()
        seeOff(&unused)
        stopped = true
        spareProgram()
        if let due = crashDue {
            withdrawCrash(at: due.exchange, "the agent ended before it could be killed")
        }
        // What the agent sent and did not wait for belongs to the run: it may have had effects.
        for item in order.ordered(pending) { open(item) }
        pending = []
        endInquiry()
        // Whoever ended the run, the agent is gone from every connection.
        for id in flights.keys {
            if let flight = flights[id], !flight.isWhole { update(id) { $0.cancelled = true } }
        }
        trace.append(.ended(reason), at: now)
        trace.end = reason
        cache.logRoom = trace.eventCount
        cache.recordRoom = trace.exchanges.count
        trace.standardOutputAtEnd = trace.standardOutput.count
        trace.standardErrorAtEnd = trace.standardError.count
        trace.idleOffers = idleOffers()
        trace.unplayed = matcher.unplayed
        trace.unreached = plan.faults.indices.filter { !met.contains($0) }
            .map { plan.faults[$0] }
    }

    private mutating func keepOutput(_ stream: OutputStream, _ bytes: [UInt8]) {
        trace.append(.output(stream, byteCount: bytes.count), at: now)
        lastSign = now
        switch stream {
        case .standardOutput:
            let room = options.outputBytesMax - trace.standardOutput.count
            trace.standardOutput.append(contentsOf: bytes.prefix(max(0, room)))
        case .standardError:
            let room = options.outputBytesMax - trace.standardError.count
            trace.standardError.append(contentsOf: bytes.prefix(max(0, room)))
        }
    }

    mutating func update(_ id: ExchangeID, _ change: (inout ExchangeRecord) -> Void) {
        guard let place = places[id] else { return }
        change(&trace.exchanges[place])
    }

    /// The number that an exchange has in the trace, where it counts in the order of answering: the
    /// shell numbers requests as they arrive, and in that the kernel has a say.
    func number(_ id: ExchangeID) -> ExchangeID {
        guard let place = places[id] else { preconditionFailure("the exchange was opened") }
        return trace.exchanges[place].id
    }
}
