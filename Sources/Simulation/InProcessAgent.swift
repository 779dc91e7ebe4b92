public import Cassette
public import Determinism
public import Faults

/// Names a request of an in-process agent; the agent chooses it and never uses one twice.
public struct RequestTag: Hashable, Sendable {
    /// The number.
    public let number: Int

    /// Creates a tag.
    public init(_ number: Int) {
        self.number = number
    }
}

/// What an in-process agent is told.
public enum AgentInput: Hashable, Sendable {
    /// The run begins.
    case started
    /// The head of an answer arrived.
    case head(RequestTag, status: Int, headers: HeaderFields)
    /// Body bytes arrived together.
    case body(RequestTag, [UInt8])
    /// The answer is complete.
    case ended(RequestTag)
    /// The connection was closed before the answer was complete.
    case closed(RequestTag)
    /// The connection was reset.
    case reset(RequestTag)
    /// A timer ran out.
    case timer(WaiterID)
}

/// What an in-process agent does.
public enum AgentOutput: Hashable, Sendable {
    /// It sends a request to an upstream.
    case request(RequestTag, upstream: String, RecordedRequest)
    /// It closes the connection of a request.
    case cancel(RequestTag)
    /// It starts a timer.
    case startTimer(WaiterID, after: SimDuration)
    /// It stops a timer.
    case stopTimer(WaiterID)
    /// It writes output.
    case write(OutputStream, [UInt8])
    /// It ends.
    case exit(ExitStatus)
}

/// An agent that runs inside the simulation, as a state machine: an input in, actions out.
///
/// It takes no time, and everything it knows comes from its inputs, so that a run is a pure
/// function of tape, plan and agent.
///
/// Each run begins with a copy of one agent. What an agent refers to instead of holding it, as an
/// object, is the same in all these copies: it must be set anew at `started`. Runs that share their
/// beginnings (`InProcessRuns`) copy agents in the middle of a run too, so that theirs must be
/// values all through.
public protocol InProcessAgent {
    /// Takes one input at an instant of the virtual clock and appends what the agent does.
    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput])
}

/// Runs an in-process agent under the virtual clock.
public struct InProcessRun {
    private var world: World
    private var tags = ExchangeTable<RequestTag>()
    private var requestCount = 0
    private var ended = false

    /// Runs an agent against a tape and a plan and returns the trace.
    public static func trace(
        of agent: some InProcessAgent, tape: Tape, plan: Plan, cache: DeliveryCache,
        options: WorldOptions = WorldOptions(clock: .virtual)
    ) -> Trace {
        var run = InProcessRun(tape: tape, plan: plan, cache: cache, options: options)
        var agent = agent
        run.begin(&agent)
        return run.finish(&agent)
    }

    init(tape: Tape, plan: Plan, cache: DeliveryCache, options: WorldOptions) {
        var options = options
        options.clock = .virtual
        world = World(tape: tape, plan: plan, options: options, cache: cache)
    }

    /// Starts the agent.
    mutating func begin(_ agent: inout some InProcessAgent) {
        var outputs: [AgentOutput] = []
        tell(&agent, .started, &outputs)
    }

    /// Goes on to the end; `keep` is given the run and its agent before answers that the plan may
    /// yet disturb, when nothing is under way between the two.
    mutating func finish<Agent: InProcessAgent>(
        _ agent: inout Agent, isResumed: Bool = false,
        keep: ((InProcessRun, Agent) -> Void)? = nil
    ) -> Trace {
        var outputs: [AgentOutput] = []
        var actions: ActionBuffer = []
        var inputs: [AgentInput] = []
        // What a run is resumed from is kept already.
        var isKept = isResumed
        while !ended {
            if let id = world.innerExchange {
                let tag = tags[id]
                world.sendInnerSteps(of: id) { bytes, now in
                    if let tag { agent.handle(.body(tag, bytes), at: now, into: &outputs) }
                    return outputs.isEmpty
                }
                carryOut(&outputs)
                continue
            }
            if let keep, !isKept, world.isWorthKeeping { keep(self, agent) }
            isKept = false
            world.becameQuiescent(&actions)
            // Taken from the end, and so are the inputs, which brings back their order: that moves
            // them, and a copy would cost at every step.
            while let action = actions.popLast() { apply(action, &inputs) }
            while let input = inputs.popLast() {
                if !ended { tell(&agent, input, &outputs) }
            }
        }
        return world.trace
    }

    private mutating func tell(
        _ agent: inout some InProcessAgent, _ input: AgentInput, _ outputs: inout [AgentOutput]
    ) {
        agent.handle(input, at: world.now, into: &outputs)
        carryOut(&outputs)
    }

    private mutating func carryOut(_ outputs: inout [AgentOutput]) {
        guard !outputs.isEmpty else { return }
        for output in outputs where !ended { apply(output) }
        outputs.removeAll(keepingCapacity: true)
    }

    private mutating func apply(_ output: AgentOutput) {
        var actions: ActionBuffer = []
        switch output {
        case .request(let tag, let upstream, let request):
            requestCount += 1
            let id = ExchangeID(requestCount)
            tags[id] = tag
            world.handle(.request(id, upstream: upstream, request), into: &actions)
        case .cancel(let tag):
            guard let id = tags.lastKey(where: { $0 == tag }) else { return }
            tags[id] = nil
            world.handle(.agentClosed(id), into: &actions)
        case .startTimer(let timer, let duration):
            let instant = world.now.advanced(by: duration)
            world.handle(.waits(timer, until: instant), into: &actions)
        case .stopTimer(let timer):
            world.handle(.stopsWaiting(timer), into: &actions)
        case .write(let stream, let bytes):
            world.handle(.output(stream, bytes), into: &actions)
        case .exit(let status):
            world.handle(.exited(status), into: &actions)
            ended = true
        }
        // Under a virtual clock nothing but a limit answers at once.
        if !actions.isEmpty { ended = true }
    }

    private mutating func apply(_ action: consuming WorldAction, _ inputs: inout [AgentInput]) {
        switch consume action {
        case .send(let id, let step, _):
            guard let tag = tags[id] else { return }
            switch step {
            case .head(let head):
                inputs.append(.head(tag, status: head.status, headers: head.headers))
            case .body(let bytes): inputs.append(.body(tag, bytes))
            case .end: inputs.append(.ended(tag))
            case .close: inputs.append(.closed(tag))
            case .reset, .frame: inputs.append(.reset(tag))
            }
        case .wake(let timer): inputs.append(.timer(timer))
        // It opens no connections, is not asked, and no process that could be killed.
        case .setClock, .shiftWall, .takeConsumed, .answer, .closeIdle, .inquiry, .kill, .start,
            .strikeProgram:
            break
        case .stop: ended = true
        }
    }

    // MARK: Sharing

    func isShared(with plan: Plan, _ agenda: PlanAgenda) -> Bool {
        world.isShared(with: plan, agenda)
    }

    func mayBeDisturbed(by plan: Plan) -> Bool {
        world.mayBeDisturbed(by: plan)
    }

    mutating func goOn(with plan: Plan, _ agenda: PlanAgenda) {
        world.goOn(with: plan, agenda)
    }
}
