import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("Plans and their closed form")
struct ClosedPlanTests {
    static let steps = (1...5).flatMap {
        [("llm", Fixture.chat("question \($0)")), ("shop", Fixture.tool("/orders/\($0)"))]
    }

    @Test("a fault at every attempt is closed into those it met, in plan order")
    func forever() throws {
        let tape = try Fixture.tenCalls()
        let always = Fixture.fault("ttfb-spike", tape, attempt: nil)
        let once = Fixture.fault("error-event-mid", tape, [.init("at", 1)])
        let plan = Fixture.plan(tape, [always, once])
        let play = { (plan: Plan) -> Trace in
            var hand = Hand(tape, plan)
            for number in 1...2 { hand.exchange(number, "llm", Fixture.chat("question 1")) }
            hand.tell(.exited(.code(0)))
            return hand.world.trace
        }
        let trace = play(plan)
        let closed = plan.closed(keeping: trace.firedFaults)
        #expect(closed.faults.map(\.anchor.attempt) == [1, 2, 1])
        #expect(closed.faults.map(\.fault) == ["ttfb-spike", "ttfb-spike", "error-event-mid"])
        #expect(play(closed).digest == trace.digest)
    }

    @Test("a fault that never fires leaves the digest as it is")
    func idle() throws {
        let tape = try Fixture.tenCalls()
        let agent = ChatAgent(Self.steps)
        let plain = Fixture.run(agent, tape, Fixture.plan(tape))
        let idle = [
            Fixture.fault("server-error", tape, attempt: 7), Fixture.fault("tool-error", tape),
        ]
        let trace = Fixture.run(agent, tape, Fixture.plan(tape, idle))
        #expect(trace.digest == plain.digest)
        #expect(trace.unreached == [idle[0]])
        #expect(trace.exchanges[0].faults.map(\.planned) == [idle[1]])
    }

    /// Random agents and plans with all faults.
    @Test("seeded storms end, account for every fault and repeat closed", arguments: 0..<40)
    func storms(seed: Int) throws {
        let tape = try Fixture.tenCalls()
        let entries = FaultCatalogue.all.map { kind in
            var entry = FaultEntry(fault: kind.id, times: seed % 3 == 0 ? nil : 1 + seed % 3)
            entry.selector.probability = Ratio(1, 6) ?? .never
            return entry
        }
        func expand(_ name: String) throws -> Plan {
            let policies = OffTapePolicy.allCases
            let scenario = Scenario(
                name: name, faults: entries, offTape: policies[seed % policies.count])
            return try Expansion.expand(scenario, seed: Seed(UInt64(seed)), tape: tape).plan
        }
        let plan = try expand("a")
        let agent = ChatAgent(
            seed % 2 == 0 ? Self.steps : Self.steps.reversed(), attemptsMax: 1 + seed % 5,
            timeOut: seed % 7 == 0 ? nil : .seconds(60), isParallel: seed % 4 == 0)
        let trace = Fixture.run(agent, tape, plan)
        #expect(trace.end != nil)
        #expect(Fixture.run(agent, tape, try expand("b")).digest == trace.digest)
        let closed = plan.closed(keeping: trace.firedFaults)
        let again = Fixture.run(agent, tape, closed)
        #expect(again.digest == trace.digest, "\(Divergence.first(trace, again) as Any)")
        let met = trace.exchanges.flatMap(\.faults).map(\.planned)
        for planned in plan.faults {
            let isMet = met.contains { fault in
                var fault = fault
                if planned.anchor.attempt == nil { fault.anchor.attempt = nil }
                return fault == planned
            }
            #expect(isMet != trace.unreached.contains(planned), "seed \(seed): \(planned)")
        }
        #expect(!trace.exchanges.flatMap(\.faults).contains { $0.outcome == .unreached })
        for exchange in trace.exchanges {
            #expect(exchange.sentCount <= exchange.steps.count)
        }
        let consumed = Set(trace.exchanges.filter(\.consumed).compactMap(\.ordinal))
        #expect(consumed.count + trace.unplayed.count == tape.entries.count)
        #expect(consumed.isDisjoint(with: trace.unplayed))
    }
}
