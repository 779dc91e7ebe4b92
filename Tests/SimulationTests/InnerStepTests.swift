import Cassette
import Determinism
import Faults
import Simulation
import Testing

/// Steps that only carry bytes take a short way for an agent in process; all that is seen is the same
/// as when the world is told of each quiescence.
@Suite("Inner steps of an in-process run")
struct InnerStepTests {
    /// Runs an agent by the world's events and actions alone.
    private static func trace(
        of agent: ChatAgent, _ tape: Tape, _ plan: Plan, _ options: WorldOptions,
        _ cache: DeliveryCache
    ) -> Trace {
        var driver = EventDriver(
            agent: agent, world: World(tape: tape, plan: plan, options: options, cache: cache))
        return driver.run()
    }

    private static func agents() -> [ChatAgent] {
        let steps = (1...5).flatMap { number in
            [
                ("llm", Fixture.chat("question \(number)")),
                ("shop", Fixture.tool("/orders/\(number)")),
            ]
        }
        return [
            ChatAgent(steps), ChatAgent(steps, isParallel: true),
            ChatAgent(steps, timeOut: .milliseconds(45), isParallel: true),
            ChatAgent(steps, timeOut: .seconds(5)),
        ]
    }

    /// Every fault that is known, alone, at the second call of each upstream that it can be at.
    private static func plans(_ tape: Tape) throws -> [Plan] {
        let entries = FaultCatalogue.all.map { FaultEntry(fault: $0.id) }
        let scenario = Scenario(name: "all", faults: entries)
        let faults = try Expansion.expand(scenario, seed: Seed(1), tape: tape).plan.faults
        return [Fixture.plan(tape), Fixture.plan(tape, order: 7)]
            + faults.filter { $0.anchor.call == 2 }.map { Fixture.plan(tape, [$0]) }
    }

    @Test("leave the trace of a world that is told all", arguments: 0..<4)
    func same(number: Int) throws {
        let tape = try Fixture.tenCalls()
        let agent = Self.agents()[number]
        let options = WorldOptions(clock: .virtual)
        let cache = DeliveryCache()
        let plans = try Self.plans(tape)
        #expect(Set(plans.flatMap { $0.faults.map(\.fault) }).count > 30)
        for plan in plans {
            let told = Self.trace(of: agent, tape, plan, options, cache)
            let trace = InProcessRun.trace(of: agent, tape: tape, plan: plan, cache: cache)
            #expect(trace == told, "\(plan.faults.map(\.fault))")
            #expect(trace.digest == told.digest)
        }
    }

    @Test("stop at the same limits", arguments: 0..<4)
    func limits(number: Int) throws {
        let tape = try Fixture.tenCalls()
        let agent = Self.agents()[number]
        let plan = Fixture.plan(tape)
        let cache = DeliveryCache()
        for limit in 1...30 {
            var events = WorldOptions(clock: .virtual)
            events.eventsMax = limit
            var time = WorldOptions(clock: .virtual)
            time.virtualTimeMax = .milliseconds(7 * Int64(limit))
            for options in [events, time] {
                let told = Self.trace(of: agent, tape, plan, options, cache)
                let trace = InProcessRun.trace(
                    of: agent, tape: tape, plan: plan, cache: cache, options: options)
                #expect(trace == told)
            }
        }
    }
}

/// Carries out what an agent and a world say to each other, one event after the other.
private struct EventDriver {
    var agent: ChatAgent
    var world: World
    var tags: [ExchangeID: RequestTag] = [:]
    var isOver = false

    mutating func run() -> Trace {
        tell(.started)
        while !isOver {
            var actions: ActionBuffer = []
            world.handle(.quiescent, into: &actions)
            for input in actions.compactMap({ input(for: $0) }) where !isOver { tell(input) }
        }
        return world.trace
    }

    private mutating func tell(_ input: AgentInput) {
        var outputs: [AgentOutput] = []
        agent.handle(input, at: world.now, into: &outputs)
        for output in outputs where !isOver {
            var actions: ActionBuffer = []
            world.handle(event(for: output), into: &actions)
            if case .exit = output { isOver = true }
            if !actions.isEmpty { isOver = true }
        }
    }

    private mutating func event(for output: AgentOutput) -> WorldEvent {
        switch output {
        case .request(let tag, let upstream, let request):
            let id = ExchangeID(tag.number)
            tags[id] = tag
            return .request(id, upstream: upstream, request)
        case .cancel(let tag):
            tags[ExchangeID(tag.number)] = nil
            return .agentClosed(ExchangeID(tag.number))
        case .startTimer(let timer, let span):
            return .waits(timer, until: world.now.advanced(by: span))
        case .stopTimer(let timer): return .stopsWaiting(timer)
        case .write(let stream, let bytes): return .output(stream, bytes)
        case .exit(let status): return .exited(status)
        }
    }

    private mutating func input(for action: WorldAction) -> AgentInput? {
        switch action {
        case .send(let id, let step, _):
            guard let tag = tags[id] else { return nil }
            switch step {
            case .head(let head): return .head(tag, status: head.status, headers: head.headers)
            case .body(let bytes): return .body(tag, bytes)
            case .end: return .ended(tag)
            case .close: return .closed(tag)
            case .reset, .frame: return .reset(tag)
            }
        case .wake(let timer): return .timer(timer)
        case .stop:
            isOver = true
            return nil
        default: return nil
        }
    }
}
