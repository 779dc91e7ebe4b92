import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("A run under the virtual clock")
struct VirtualClockTests {
    static let question: [(upstream: String, request: RecordedRequest)] = [
        ("llm", Fixture.chat("question 1"))
    ]

    func output(_ trace: Trace) -> String { String(decoding: trace.standardOutput, as: UTF8.self) }

    @Test("waits exactly as long as recorded, and as a fault asks for")
    func instants() throws {
        let tape = try Fixture.tenCalls()
        let agent = ChatAgent(Self.question)
        let plain = Fixture.run(agent, tape, Fixture.plan(tape))
        #expect(output(plain) == "0 at 80\n")
        #expect(plain.end == .exited(.code(0)))
        let limited = Fixture.fault("rate-limit-429", tape, [.init("retry_after_ms", 1_800_000)])
        let storm = Fixture.run(agent, tape, Fixture.plan(tape, [limited]))
        #expect(output(storm) == "0 at 1800090\n")
        let failing = Fixture.fault("server-error", tape)
        let failed = Fixture.run(agent, tape, Fixture.plan(tape, [failing]))
        #expect(output(failed) == "0 at 590\n")
    }

    @Test("cancels a stalled stream at the agent's time-out and gives the retry the answer")
    func timeOut() throws {
        let tape = try Fixture.tenCalls()
        let stall = Fixture.fault("stalled-stream", tape, [.init("at", 1)])
        let trace = Fixture.run(
            ChatAgent(Self.question, timeOut: .seconds(2)), tape, Fixture.plan(tape, [stall]))
        #expect(output(trace) == "0 at 2580\n")
        #expect(trace.exchanges.map(\.cancelled) == [true, false])
        #expect(trace.exchanges.map(\.consumed) == [false, true])
        #expect(trace.exchanges.map(\.attempt) == [1, 2])
    }

    @Test("is hung at once when the agent waits for what never comes")
    func hung() throws {
        let tape = try Fixture.tenCalls()
        let stall = Fixture.fault("stalled-stream", tape, [.init("at", 1)])
        let trace = Fixture.run(ChatAgent(Self.question), tape, Fixture.plan(tape, [stall]))
        #expect(trace.end == .stopped(.hung))
        #expect(trace.exchanges.first?.cancelled == true)
        let idle = Fixture.run(ScriptAgent { _, _ in [] }, tape, Fixture.plan(tape))
        #expect(idle.end == .stopped(.hung))
        #expect(idle.duration == .zero)
    }

    @Test("has a digest without what the agent writes while it is stopped")
    func outputAfterTheEnd() throws {
        let tape = try Fixture.tenCalls()
        let digests = ["", "the stack of a thread"].map { text in
            var world = World(
                tape: tape, plan: Fixture.plan(tape), options: WorldOptions(clock: .virtual))
            var actions: ActionBuffer = []
            world.handle(.output(.standardError, Array("before".utf8)), into: &actions)
            world.handle(.quiescent, into: &actions)
            #expect(actions == [.stop(.hung)])
            world.handle(.output(.standardError, Array(text.utf8)), into: &actions)
            #expect(String(decoding: world.trace.standardError, as: UTF8.self) == "before" + text)
            return world.trace.digest
        }
        #expect(digests[0] == digests[1])
    }

    @Test("is hung when the agent looks at the time again and again, after a day of it")
    func polls() throws {
        let tape = try Fixture.tenCalls()
        let agent = ScriptAgent { input, _ in
            switch input {
            case .started, .timer: [.startTimer(WaiterID(1), after: .seconds(3600))]
            default: []
            }
        }
        let trace = Fixture.run(agent, tape, Fixture.plan(tape))
        #expect(trace.end == .stopped(.hung))
        #expect(trace.duration == .seconds(86_400))
    }

    /// A world that was told two requests and looked at them.
    private func asked() throws -> (world: World, actions: ActionBuffer) {
        let tape = try Fixture.tenCalls()
        var world = World(
            tape: tape, plan: Fixture.plan(tape), options: WorldOptions(clock: .virtual))
        var actions: ActionBuffer = []
        for number in 1...2 {
            world.handle(
                .request(
                    ExchangeID(number), upstream: "llm", Fixture.chat("question \(number)")),
                into: &actions)
        }
        #expect(actions.isEmpty)
        world.handle(.quiescent, into: &actions)
        return (world, actions)
    }

    @Test("hears of hang-ups in the order of the exchanges, whichever was told first")
    func departures() throws {
        let orders: [[Int]] = [[1, 2], [2, 1]]
        let traces = try orders.map { order in
            var (world, actions) = try asked()
            for number in order {
                world.handle(.agentClosed(ExchangeID(number)), into: &actions)
            }
            world.handle(.exited(.code(0)), into: &actions)
            return world.trace
        }
        #expect(traces[0].exchanges.map(\.cancelled) == [true, true])
        #expect(traces[0].digest == traces[1].digest)
    }

    @Test("renews the agent's entropy before the step that uses an answer up, once for each")
    func entropy() throws {
        var (world, actions) = try asked()
        while !actions.contains(where: { if case .stop = $0 { true } else { false } }) {
            world.handle(.quiescent, into: &actions)
        }
        let kinds = actions.compactMap { action -> String? in
            switch action {
            case .takeConsumed: "take"
            case .send(_, .body(let bytes), _):
                String(decoding: bytes, as: UTF8.self).contains("[DONE]") ? "done" : nil
            default: nil
            }
        }
        #expect(kinds == ["take", "done", "take", "done"])
    }

    @Test("stops an agent that takes more than it may")
    func exceeds() throws {
        var (world, actions) = try asked()
        actions = []
        world.handle(.exceeds("took too much"), into: &actions)
        #expect(actions == [.stop(.exhausted("took too much"))])
        #expect(world.trace.end == .stopped(.exhausted("took too much")))
    }

    @Test("delivers before a timer that runs out at the same instant")
    func tie() throws {
        let tape = try Fixture.tenCalls()
        let agent = ScriptAgent { input, now in
            switch input {
            case .started:
                [
                    .startTimer(WaiterID(1), after: .milliseconds(10)),
                    .request(RequestTag(1), upstream: "llm", Self.question[0].request),
                ]
            case .head: [.write(.standardOutput, Array("head".utf8))]
            case .timer: [.write(.standardOutput, Array("timer".utf8)), .exit(.code(0))]
            default: []
            }
        }
        #expect(output(Fixture.run(agent, tape, Fixture.plan(tape))) == "headtimer")
    }

    @Test("orders concurrent requests by the plan's order, not by arrival")
    func concurrent() throws {
        let tape = try Fixture.tenCalls()
        let steps = (1...4).map { ("llm", Fixture.chat("question \($0)")) }
        var orders: Set<[String]> = []
        for order in UInt64(0)..<8 {
            let plan = Fixture.plan(tape, order: order)
            let runs = [steps, steps.reversed()].map { steps in
                Fixture.run(
                    ScriptAgent { input, now in
                        guard input == .started else {
                            return now.nanoseconds > 70_000_000 ? [.exit(.code(0))] : []
                        }
                        return steps.enumerated().map {
                            .request(RequestTag($0), upstream: $1.0, $1.1)
                        }
                    }, tape, plan)
            }
            let asked = runs.map { $0.exchanges.map(\.fingerprint.hex) }
            #expect(asked[0] == asked[1])
            #expect(runs[0].digest == runs[1].digest)
            #expect(Divergence.first(runs[0], runs[1]) == nil)
            orders.insert(asked[0])
        }
        #expect(orders.count > 2)
    }

    @Test("re-arms and stops timers")
    func timers() throws {
        let tape = try Fixture.tenCalls()
        let agent = ScriptAgent { input, now in
            guard case .timer(let waiter) = input else {
                return [
                    .startTimer(WaiterID(1), after: .seconds(1)),
                    .startTimer(WaiterID(2), after: .seconds(2)), .stopTimer(WaiterID(2)),
                    .startTimer(WaiterID(1), after: .seconds(3)),
                ]
            }
            let line = "\(waiter.number) at \(now.nanoseconds / 1_000_000_000)"
            return [.write(.standardOutput, Array(line.utf8)), .exit(.code(0))]
        }
        #expect(output(Fixture.run(agent, tape, Fixture.plan(tape))) == "1 at 3")
    }

    /// What happens at each quiescence when the agent lets others go first so often, then waits.
    private func yielding(_ times: Int, eventsMax: Int = 1_000) throws -> (World, [[Int]]) {
        let tape = try Fixture.tenCalls()
        var options = WorldOptions(clock: .virtual)
        options.eventsMax = eventsMax
        var world = World(tape: tape, plan: Fixture.plan(tape), options: options)
        let yields = [WorldEvent](repeating: .yields(WaiterID(-1)), count: times)
        let wakes = (yields + [.waits(WaiterID(1), until: .zero + .seconds(1))]).map { event in
            var actions: ActionBuffer = []
            world.handle(event, into: &actions)
            world.handle(.quiescent, into: &actions)
            return Self.wakes(actions)
        }
        return (world, wakes)
    }

    private static func wakes(_ actions: ActionBuffer) -> [Int] {
        actions.compactMap { if case .wake(let waiter) = $0 { waiter.number } else { nil } }
    }

    @Test("gives turns in no time, which no digest shows, but which have a limit")
    func turns() throws {
        let (plain, _) = try yielding(0)
        let (patient, wakes) = try yielding(3)
        #expect(wakes == [[-1], [-1], [-1], [1]])
        #expect(patient.now == .zero + .seconds(1))
        #expect(patient.trace.eventCount == 2)
        #expect(patient.trace.digest == plain.trace.digest)
        let (endless, _) = try yielding(20, eventsMax: 10)
        #expect(endless.trace.end == .stopped(.limit("more than 10 events")))
    }

    @Test("gives turns in the order in which they were asked for, before time moves")
    func turnsInOrder() throws {
        var (world, _) = try yielding(0)
        let now = world.now
        var actions: ActionBuffer = []
        world.handle(.waits(WaiterID(1), until: now + .milliseconds(1)), into: &actions)
        for number in [2, 1, 3] { world.handle(.yields(WaiterID(-number)), into: &actions) }
        world.handle(.stopsWaiting(WaiterID(-3)), into: &actions)
        for _ in 1...2 { world.handle(.quiescent, into: &actions) }
        #expect(Self.wakes(actions) == [-2, -1])
        #expect(world.now == now)
        world.handle(.quiescent, into: &actions)
        #expect(Self.wakes(actions) == [-2, -1, 1])
    }

    @Test("sees a request that is cancelled at once, and one that nobody waits for")
    func inPassing() throws {
        let tape = try Fixture.tenCalls()
        let cancelled = Fixture.run(
            ScriptAgent { input, _ in
                switch input {
                case .started:
                    [
                        .request(RequestTag(1), upstream: "llm", Self.question[0].request),
                        .cancel(RequestTag(1)), .startTimer(WaiterID(1), after: .seconds(9)),
                    ]
                default: [.exit(.code(0))]
                }
            }, tape, Fixture.plan(tape))
        #expect(cancelled.exchanges.map(\.cancelled) == [true])
        #expect(cancelled.exchanges.map(\.consumed) == [false])
        #expect(cancelled.exchanges.map(\.sentCount) == [0])
        let forgotten = Fixture.run(
            ScriptAgent { _, _ in
                [
                    .request(RequestTag(1), upstream: "llm", Self.question[0].request),
                    .exit(.code(0)),
                ]
            }, tape, Fixture.plan(tape))
        #expect(forgotten.exchanges.map(\.ordinal) == [1])
        #expect(forgotten.exchanges.map(\.cancelled) == [true])
    }

    @Test("gives one digest in 1,000 runs")
    func repeats() throws {
        let tape = try Fixture.tenCalls()
        let plan = Fixture.plan(
            tape,
            [Fixture.fault("rate-limit-429", tape), Fixture.fault("ttfb-spike", tape, ordinal: 2)])
        let cache = DeliveryCache()
        let steps = (1...3).flatMap {
            [("llm", Fixture.chat("question \($0)")), ("shop", Fixture.tool("/orders/\($0)"))]
        }
        var digests: Set<Digest> = []
        for _ in 0..<1_000 {
            digests.insert(
                InProcessRun.trace(
                    of: ChatAgent(steps, isParallel: true), tape: tape, plan: plan, cache: cache
                ).digest)
        }
        #expect(digests.count == 1)
    }

    @Test("stops at its limits instead of running on")
    func limits() throws {
        let tape = try Fixture.tenCalls()
        let poll = ScriptAgent { input, _ in
            if case .timer(let waiter) = input {
                return [.startTimer(WaiterID(waiter.number + 1), after: .seconds(1))]
            }
            return [.startTimer(WaiterID(1), after: .seconds(1))]
        }
        var options = WorldOptions(clock: .virtual, exchangesMax: 2, outputBytesMax: 5)
        options.eventsMax = 100
        let polled = Fixture.run(poll, tape, Fixture.plan(tape), options: options)
        #expect(polled.end == .stopped(.limit("more than 100 events")))
        let steps = (1...3).map { ("llm", Fixture.chat("question \($0)")) }
        let asked = Fixture.run(ChatAgent(steps), tape, Fixture.plan(tape), options: options)
        #expect(asked.end == .stopped(.limit("more than 2 requests")))
        #expect(asked.exchanges.count == 2)
        #expect(output(asked) == "0 at ")
    }
}
