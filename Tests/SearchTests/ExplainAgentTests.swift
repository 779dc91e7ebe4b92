import Cassette
import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("Failures of real agents are explained")
struct ExplainAgentTests {
    @Test(
        "a delay is told from the agent's own time-out, exact to one millisecond",
        arguments: [(1_000, "1 s (1,000 ms)"), (30_000, "30 s (30,000 ms)")]
            as [(Int64, String)])
    func timeOut(milliseconds: Int64, text: String) throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.timeOut = .milliseconds(milliseconds)
        agent.isImpatient = true
        let slow = ShrinkTape.fault(
            "ttfb-spike", tape, ordinal: 3, [JSONMember("delay_ms", .int(milliseconds * 2))])
        var explainer = Explainer(
            ShrinkTape.plan(tape, [slow]), runner: InProcessRunner(agent, tape: tape), tape: tape)
        let found = try explainer.explain()
        let least = milliseconds - 70 + 1
        let meaning = try #require(found.parameters.first)
        #expect(meaning.effect == .atLeast(least, also: nil))
        #expect(meaning.deadline?.length == .milliseconds(milliseconds))
        #expect(
            found.lines.contains {
                $0.hasSuffix("up: when the wait exceeds \(text), the agent's own time-out.")
            })
        let nearest = try #require(found.nearest)
        #expect(nearest.plan.faults.first?.parameters.integer("delay_ms") == least - 1)
        #expect(nearest.observation.verdict == .passed)
    }

    @Test("a stall in the middle is told from the time-out, too")
    func stall() throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.timeOut = .seconds(30)
        agent.isImpatient = true
        let stall = ShrinkTape.fault(
            "stalled-stream", tape, ordinal: 1,
            [JSONMember("at", 2), JSONMember("stall_ms", 0)])
        let plan = ShrinkTape.plan(tape, [stall])
        var shrinker = Shrinker(plan, runner: InProcessRunner(agent, tape: tape), tape: tape)
        let small = try shrinker.shrink()
        var explainer = Explainer(
            small.plan, history: small.closed, runner: shrinker.runner, tape: tape)
        let found = try explainer.explain()
        let meaning = try #require(found.parameters.first { $0.name == "stall_ms" })
        #expect(meaning.deadline?.length == .seconds(30))
    }

    @Test("three errors at one call, and nothing about them matters but that they are there")
    func retries() throws {
        let tape = try ShrinkTape.tape()
        let faults = (1...3).map { attempt in
            ShrinkTape.fault("server-error", tape, ordinal: 1, attempt: attempt)
        }
        var explainer = Explainer(
            ShrinkTape.plan(tape, faults),
            runner: InProcessRunner(ShrinkAgent(ShrinkTape.steps), tape: tape), tape: tape)
        let found = try explainer.explain()
        #expect(found.parameters.map(\.effect) == [.any, .any, .any])
        #expect(found.needless.isEmpty)
        #expect(found.inevitableFrom == 3)
        #expect(found.nearest?.plan.faults.count == 2)
    }

    @Test("a deadline that the agent sets only after an error is found, and told in full")
    func hurry() throws {
        let tape = try ShrinkTape.tape()
        var agent = ShrinkAgent(ShrinkTape.steps)
        agent.timeOut = .seconds(60)
        agent.hurriedTimeOut = .seconds(5)
        let faults = [
            ShrinkTape.fault("server-error", tape, ordinal: 1),
            ShrinkTape.fault("ttfb-spike", tape, ordinal: 4, [JSONMember("delay_ms", 20_000)]),
        ]
        var explainer = Explainer(
            ShrinkTape.plan(tape, faults), runner: InProcessRunner(agent, tape: tape), tape: tape)
        let found = try explainer.explain()
        #expect(
            found.lines == [
                "It fails as violated exit_code == 0.",
                "It needs both faults: without either it does not fail so.",
                "Fault 1: server-error at call 1 of llm.",
                "  code: any value; 9 others were tried.",
                "  Attempt: the first; a later one is not reached.",
                "Fault 2: ttfb-spike at call 2 of shop.",
                "  delay_ms: only from 4.971 s (4,971 ms) up: when the wait exceeds 5 s "
                    + "(5,000 ms), the agent's own time-out.",
                "  Attempt: the first; a later one is not reached.",
                "The nearest run that passes is the one with delay_ms of fault 2 at 4.97 s "
                    + "(4,970 ms).",
                "It became inevitable with the 2nd of 2 faults, ttfb-spike at call 2 of shop; with "
                    + "the rest drawn anew after 1, 1 of 9 courses fail.",
            ])
    }
}
