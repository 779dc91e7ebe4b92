import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("An agent that is killed and started again")
struct RestartTests {
    private static let options = WorldOptions(clock: .virtual, canRestart: true)

    private static func hand(
        _ tape: Tape, _ faults: [PlannedFault], options: WorldOptions = options
    ) -> Hand {
        Hand(tape, Fixture.plan(tape, faults, offTape: .fail), options: options)
    }

    private static func crash(
        _ tape: Tape, _ variant: String, ordinal: Int = 1, attempt: Int? = 1, down: Int64 = 5_000
    ) -> PlannedFault {
        Fixture.fault(
            "checkpoint-restore", tape, ordinal: ordinal, attempt: attempt,
            [.init("variant", .string(variant)), .init("down_ms", .int(down))])
    }

    /// Sends a request and lets everything happen until the agent is killed or the answer is over.
    private static func ask(
        _ hand: inout Hand, _ number: Int, _ upstream: String, _ request: RecordedRequest
    ) -> [String] {
        var kinds = hand.tell(.request(ExchangeID(number), upstream: upstream, request))
        while kinds.last != "end", kinds.last != "kill", hand.stops.isEmpty {
            kinds += hand.tell(.quiescent)
        }
        return kinds.filter { $0 != "clock" }
    }

    private static func lives(_ hand: Hand) -> [String] {
        hand.world.trace.log.compactMap { entry in
            switch entry.event {
            case .killed(let unsent): "killed \(unsent)"
            case .started(let life): "started \(life)"
            default: nil
            }
        }
    }

    @Test("after the whole answer: what it sent since is not sent, and what it had is given again")
    func answered() throws {
        let tape = try Fixture.tenCalls()
        var hand = Self.hand(tape, [Self.crash(tape, "answered")])
        let kinds = Self.ask(&hand, 1, "llm", Fixture.chat("question 1"))
        #expect(kinds.last == "end")
        hand.tell(.request(ExchangeID(2), upstream: "shop", Fixture.tool("/orders/1")))
        hand.tell(.waits(WaiterID(1), until: SimInstant(nanoseconds: 9_000_000_000)))
        #expect(hand.tell(.quiescent) == ["kill"])
        let killedAt = hand.world.now
        #expect(hand.world.trace.exchanges.count == 1)
        // What is heard of it now is too late.
        #expect(hand.tell(.agentClosed(ExchangeID(2))) == [])
        #expect(hand.tell(.quiescent) == [])
        #expect(hand.tell(.exited(.signal(9))) == ["start 2"])
        #expect(hand.world.now == killedAt + .seconds(5))
        #expect(Self.lives(hand) == ["killed 1", "started 2"])
        _ = Self.ask(&hand, 3, "llm", Fixture.chat("question 1"))
        _ = Self.ask(&hand, 4, "shop", Fixture.tool("/orders/1"))
        hand.tell(.exited(.code(3)))
        let trace = hand.world.trace
        #expect(trace.exchanges.map(\.source) == [.recorded, .reask, .recorded])
        #expect(trace.exchanges.map(\.consumed) == [true, false, true])
        #expect(trace.end == .exited(.code(3)))
        #expect(trace.firedFaults.map(\.fault) == ["checkpoint-restore"])
        // No wait of the first life woke anybody in the second.
        #expect(!trace.log.contains { $0.event == .woke(WaiterID(1)) })
    }

    @Test("before or within the answer: it is still due", arguments: ["unanswered", "in-answer"])
    func unanswered(_ variant: String) throws {
        let tape = try Fixture.tenCalls()
        var hand = Self.hand(tape, [Self.crash(tape, variant)])
        let kinds = Self.ask(&hand, 1, "llm", Fixture.chat("question 1"))
        #expect(kinds.last == "kill")
        #expect(kinds.contains("body") == (variant == "in-answer"))
        #expect(hand.tell(.exited(.signal(9))) == ["start 2"])
        let again = Self.ask(&hand, 2, "llm", Fixture.chat("question 1"))
        #expect(again.last == "end")
        let exchanges = hand.world.trace.exchanges
        #expect(exchanges.map(\.source) == [.recorded, .recorded])
        #expect(exchanges.map(\.attempt) == [1, 2])
        #expect(exchanges.map(\.ending) == [.killed, .complete])
        #expect(exchanges[0].cancelled)
        #expect(exchanges.map(\.consumed) == [false, true])
    }

    @Test("what a life was given whole is given again in the next, from the first request on")
    func fromTheStart() throws {
        let tape = try Fixture.tenCalls()
        var hand = Self.hand(tape, [Self.crash(tape, "unanswered", ordinal: 3)])
        _ = Self.ask(&hand, 1, "llm", Fixture.chat("question 1"))
        _ = Self.ask(&hand, 2, "shop", Fixture.tool("/orders/1"))
        _ = Self.ask(&hand, 3, "llm", Fixture.chat("question 2"))
        hand.tell(.exited(.signal(9)))
        for (number, row) in [1, 2, 3].enumerated() {
            let recorded = try tape.interaction(row)
            _ = Self.ask(&hand, 4 + number, recorded.upstream, recorded.request)
        }
        #expect(
            hand.world.trace.exchanges.map(\.source)
                == [.recorded, .recorded, .recorded, .reask, .reask, .recorded])
        #expect(hand.stops == [])
    }

    @Test("an agent that dies each time comes to an end")
    func bounded() throws {
        let tape = try Fixture.tenCalls()
        let planned = Self.crash(tape, "unanswered", attempt: nil, down: 0)
        var hand = Self.hand(tape, [planned])
        for life in 2...World.livesMax {
            #expect(
                Self.ask(&hand, life, "llm", Fixture.chat("question 1")).last == "kill")
            #expect(hand.tell(.exited(.signal(9))) == ["start \(life)"])
        }
        #expect(Self.ask(&hand, 99, "llm", Fixture.chat("question 1")).last == "end")
        let last = hand.world.trace.exchanges.last
        #expect(
            last?.faults.map(\.outcome)
                == [.inapplicable("the agent had 8 lives, which is the most")])
        #expect(last?.attempt == World.livesMax)
    }

    @Test("an agent that ends before it is killed was not killed, and the plan does not say so")
    func tooLate() throws {
        let tape = try Fixture.tenCalls()
        let planned = Self.crash(tape, "answered")
        var traces: [Trace] = []
        for faults in [[planned], []] {
            var hand = Self.hand(tape, faults)
            _ = Self.ask(&hand, 1, "llm", Fixture.chat("question 1"))
            hand.tell(.exited(.code(0)))
            traces.append(hand.world.trace)
        }
        #expect(traces[0].firedFaults == [])
        #expect(
            traces[0].exchanges[0].faults.map(\.outcome)
                == [.inapplicable("the agent ended before it could be killed")])
        #expect(traces[0].digest == traces[1].digest)
    }

    @Test("where nobody can kill it, the reason is said")
    func refusals() throws {
        let tape = try Fixture.tenCalls()
        let questions = Questions(
            port: 1, requests: [RecordedRequest(method: "GET", target: "/")])
        let cases = [
            (WorldOptions(clock: .real, canRestart: true), "real"),
            (WorldOptions(clock: .virtual), "no program"),
            (
                WorldOptions(clock: .virtual, questions: questions, canRestart: true),
                "asked as a server"
            ),
        ]
        for (options, word) in cases {
            var hand = Self.hand(tape, [Self.crash(tape, "unanswered")], options: options)
            hand.tell(
                .request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
            hand.tell(.quiescent)
            let outcome = hand.world.trace.exchanges.first?.faults.first?.outcome
            guard case .inapplicable(let reason)? = outcome else {
                Issue.record("\(word): \(String(describing: outcome))")
                continue
            }
            #expect(reason.contains(word))
        }
    }

    @Test("a clock that was set stays set in the next life")
    func wallClock() throws {
        let tape = try Fixture.tenCalls()
        let jump = Fixture.fault("clock-jump-back", tape, [.init("jump_ms", 1_000)])
        var hand = Self.hand(tape, [jump, Self.crash(tape, "answered")])
        _ = Self.ask(&hand, 1, "llm", Fixture.chat("question 1"))
        hand.tell(.quiescent)
        var actions: ActionBuffer = []
        hand.world.handle(.exited(.signal(9)), into: &actions)
        #expect(
            actions == [
                .start(Rebirth(life: 2, at: hand.world.now, wallShift: .milliseconds(-1_000)))
            ])
    }
}
