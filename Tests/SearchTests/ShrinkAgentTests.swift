import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

@Suite("Failures of real agents are shrunk")
struct ShrinkAgentTests {
    private static func shrink(
        _ agent: ShrinkAgent, _ tape: Tape, _ faults: [PlannedFault]
    ) throws -> ShrinkResult {
        var shrinker = Shrinker(
            ShrinkTape.plan(tape, faults), runner: InProcessRunner(agent, tape: tape), tape: tape)
        return try shrinker.shrink()
    }

    /// Errors and small delays all over the place, as a swarm plans them.
    private static func noise(_ tape: Tape, attempts: ClosedRange<Int> = 1...1) -> [PlannedFault] {
        tape.entries.flatMap { row in
            attempts.flatMap { attempt in
                [
                    ShrinkTape.fault(
                        "ttfb-spike", tape, ordinal: row.ordinal, attempt: attempt,
                        [JSONMember("delay_ms", .int(40 + Int64(row.ordinal)))]),
                    ShrinkTape.fault(
                        "server-error", tape, ordinal: row.ordinal, attempt: attempt,
                        [JSONMember("code", 503)]),
                ]
            }
        }
    }

    @Test("too few retries: as many errors at one call as it has attempts", arguments: [1, 3])
    func retries(attemptsMax: Int) throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.attemptsMax = attemptsMax
        let faults =
            (1...attemptsMax).map { attempt in
                ShrinkTape.fault("overloaded-529", tape, ordinal: 5, attempt: attempt)
            } + Self.noise(tape).filter { $0.fault != "server-error" }
        let result = try Self.shrink(agent, tape, faults)
        #expect(result.outcome == .shrunk)
        #expect(result.isMinimal)
        #expect(result.signature?.rule == "exit_code == 0")
        // What fails at the third call of the model fails at the first one, too.
        #expect(
            result.plan.faults.map(\.anchor)
                == (1...attemptsMax).map {
                    ShrinkTape.fault("", tape, ordinal: 1, attempt: $0).anchor
                })
        #expect(Set(result.plan.faults.map(\.fault)) == ["overloaded-529"])
        #expect(result.usedOrdinals == [1])
    }

    @Test("a budget of errors for the whole run: any so many errors", arguments: [1, 2])
    func errorBudget(errorsMax: Int) throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.errorsMax = errorsMax
        let result = try Self.shrink(agent, tape, Self.noise(tape))
        #expect(result.isMinimal)
        #expect(result.plan.faults.count == errorsMax + 1)
        #expect(result.plan.faults.allSatisfy { $0.fault == "server-error" })
        // The usual status will do.
        #expect(result.plan.faults.allSatisfy { $0.parameters.integer("code") == 500 })
        #expect(Set(result.plan.faults.map(\.anchor)).count == errorsMax + 1)
        #expect(result.runs < 60)
    }

    @Test(
        "a time-out without a retry: the delay goes down to the threshold",
        arguments: [1_000, 30_000] as [Int64])
    func timeOut(milliseconds: Int64) throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.timeOut = .milliseconds(milliseconds)
        agent.isImpatient = true
        let slow = ShrinkTape.fault(
            "ttfb-spike", tape, ordinal: 5, [JSONMember("delay_ms", .int(milliseconds * 3))])
        let result = try Self.shrink(agent, tape, Self.noise(tape) + [slow])
        #expect(result.isMinimal)
        let left = try #require(result.plan.faults.first)
        #expect(result.plan.faults.count == 1)
        #expect(left.fault == "ttfb-spike")
        #expect(left.anchor.call == 1)
        // The answer ends 70 ms after the request. Of two things at one instant the delivery comes
        // first, so that only a later one is too late.
        #expect(left.parameters.integer("delay_ms") == milliseconds - 70 + 1)
        // One millisecond less passes.
        var milder = result.plan
        milder.faults[0].parameters = FaultParameters([
            JSONMember("delay_ms", .int(milliseconds - 70))
        ])
        var runner = InProcessRunner(agent, tape: tape)
        #expect(try runner.run(milder).verdict == .passed)
    }

    @Test("a hurry that begins with an error: the error, and a delay over what is left of patience")
    func hurry() throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.timeOut = .seconds(60)
        agent.hurriedTimeOut = .seconds(5)
        let slow = ShrinkTape.fault(
            "ttfb-spike", tape, ordinal: 6, [JSONMember("delay_ms", 20_000)])
        let result = try Self.shrink(agent, tape, Self.noise(tape) + [slow])
        #expect(result.isMinimal)
        // The errors of the noise mask nothing of the timing layer: one of them is enough, and what
        // is slow is the second attempt or a later call.
        #expect(result.plan.faults.map(\.fault).sorted() == ["server-error", "ttfb-spike"])
        let spike = try #require(result.plan.faults.first { $0.fault == "ttfb-spike" })
        // A look into the shop ends 30 ms after it was asked for.
        #expect(spike.anchor.upstream == "shop")
        #expect(spike.parameters.integer("delay_ms") == 5_000 - 30 + 1)
    }

    @Test("a fault at one of many like calls goes to the first of them")
    func route() throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.attemptsMax = 1
        let late = ShrinkTape.fault("server-error", tape, ordinal: 6)
        let result = try Self.shrink(agent, tape, [late])
        #expect(result.plan.faults == [ShrinkTape.fault("server-error", tape, ordinal: 2)])
        #expect(result.usedOrdinals == [1, 2])
        // Without the tape nothing is known of other calls.
        var blind = Shrinker(
            ShrinkTape.plan(tape, [late]), runner: InProcessRunner(agent, tape: tape))
        #expect(try blind.shrink().plan.faults == [late])
    }

    @Test("the closed plan of what was found is where it begins")
    func closed() throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.attemptsMax = 2
        let everywhere = tape.entries.indices.map {
            ShrinkTape.fault("server-error", tape, ordinal: $0 + 1, attempt: nil)
        }
        let result = try Self.shrink(agent, tape, everywhere)
        // It never came further than the first call.
        #expect(result.closed.faults.map(\.anchor.attempt) == [1, 2])
        #expect(result.plan == result.closed)
        #expect(result.usedOrdinals == [1])
    }

    @Test("what a swarm finds is shrunk to one fault each, and no bug slips into another")
    func swarm() throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        // It never retries, and waits for ever.
        agent.attemptsMax = 1
        let runner = InProcessRunner(agent, tape: tape)
        var scenario = Scenario(name: "swarm", invariants: [["exit_code": 0]])
        for (id, chance) in [("stalled-stream", 3), ("ttfb-spike", 2), ("server-error", 12)] {
            var entry = FaultEntry(fault: id)
            entry.selector.probability = try #require(Ratio(1, UInt32(chance)))
            scenario.faults.append(entry)
        }
        var options = ExplorationOptions(phases: [.swarm])
        options.seeds = (1...12).map { Seed($0) }
        var explorer = Explorer(
            try FaultSpace(scenario, tape: tape), runner: runner, options: options)
        let found = try explorer.explore().failures
        #expect(
            Set(found.map(\.signature.text)) == [
                "hung at llm POST /v1/chat/completions", "hung at shop GET /orders/*",
                "violated exit_code == 0",
            ])
        for failure in found {
            var shrinker = Shrinker(
                failure.plan, runner: runner, signature: failure.signature, tape: tape)
            let result = try shrinker.shrink()
            #expect(result.outcome == .shrunk)
            #expect(result.isMinimal)
            #expect(result.observation.signature == failure.signature)
            let isHung = failure.signature.verdict == .hung
            #expect(result.plan.faults.map(\.fault) == [isHung ? "stalled-stream" : "server-error"])
            #expect(result.plan.faults.map(\.anchor.call) == [1])
            var explainer = Explainer(
                result.plan, history: failure.plan, runner: runner,
                signature: failure.signature, tape: tape)
            let explanation = try explainer.explain()
            #expect(explanation.isComplete)
            #expect(explanation.signature == failure.signature)
            // A stall without end is one thing, any that ends another.
            let stall = explanation.parameters.first { $0.name == "stall_ms" }
            #expect(stall?.effect == (isHung ? .only : nil))
            #expect(stall?.value == (isHung ? 0 : nil))
        }
    }
}
