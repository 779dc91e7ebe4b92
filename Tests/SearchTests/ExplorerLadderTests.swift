import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

@Suite("The rungs of the ladder")
struct ExplorerLadderTests {
    @Test("every single fault strikes once at each call")
    func singles() throws {
        let space = try ExplorerFixture.space()
        let found = try ExplorerFixture.explore("retries", space, .singles)
        #expect(
            found.sites.prefix(20).map(\.anchor.ordinal) == (1...5).flatMap { [$0, $0, $0, $0] })
        #expect(found.tally(.singles).covered == 20)
        #expect(found.tally(.calm).covered == 1)
        #expect(found.failures.isEmpty)
        #expect(found.isComplete)
    }

    @Test("what a retry asks for is struck too, as deep as asked for", arguments: [2, 3])
    func followUps(depth: Int) throws {
        let space = try ExplorerFixture.space()
        var options = ExplorationOptions.singles
        options.followUpFaults = depth
        let found = try ExplorerFixture.explore("retries", space, options)
        let rows = found.rows.filter { $0.phase == .followUps }
        // Three of four kinds differ; each is answered by a second attempt, at which four strike.
        let second = 5 * 3 * 4
        #expect(rows.count == (depth == 2 ? second : second + second * 4))
        #expect(rows.allSatisfy { $0.standing == .covered })
        #expect(found.sites[20...].map(\.anchor.attempt).max() == depth)
        // Three errors at one call are more than the agent bears.
        #expect(found.failures.count == (depth == 2 ? 0 : 1))
        if depth == 3 { #expect(rows.filter { $0.failure != nil }.count == second * 4) }
    }

    @Test("rungs that were not asked for are climbed where others are built on them")
    func foundations() throws {
        let space = try ExplorerFixture.space()
        let all = try ExplorerFixture.explore("retries", space, .pairs)
        let only = try ExplorerFixture.explore(
            "retries", space, ExplorationOptions(phases: [.pairs]))
        #expect(only.tally(.pairs) == all.tally(.pairs))
        #expect(only.tally(.singles).covered == 20)
        #expect(only.tally(.followUps).total == 0)
    }

    @Test(
        "a delay just above a time-out of 30 s breaks the agent, one just below does not",
        arguments: ["whole", "head", "first byte", "next byte"])
    func boundaries(wait: String) throws {
        let space = try ExplorerFixture.space(ExplorerFixture.scenario(["server-error"]), count: 2)
        let agent = ImpatientAgent(
            questions: ExplorerFixture.questions(count: 2), wait: wait, limit: .seconds(30))
        var explorer = Explorer(
            space, runner: InProcessRunner(agent, tape: space.tape),
            options: ExplorationOptions(phases: [.boundaries]))
        let found = try explorer.explore()
        let rows = found.rows.filter { $0.phase == .boundaries }
        // Where the agent waits for this, one millisecond decides.
        let aimed: (call: Int, fault: String, edge: Int64) =
            switch wait {
            // The model's answer is whole after 70 ms; its first byte comes after 20 ms.
            case "whole": (1, "ttfb-spike", 29_930)
            case "first byte": (1, "ttfb-spike", 29_980)
            case "head": (2, "tool-latency", 29_990)
            default: (1, "stalled-stream", 29_990)
            }
        var verdicts: [Int64: Verdict] = [:]
        for row in rows {
            let faults = found.plan(of: row).faults
            guard faults.count == 1, faults[0].fault == aimed.fault,
                found.sites.first(where: { $0.fault.anchor == faults[0].anchor })?.anchor.ordinal
                    == aimed.call
            else { continue }
            let name = aimed.fault == "stalled-stream" ? "stall_ms" : "delay_ms"
            verdicts[faults[0].parameters.integer(name)] = row.verdict
        }
        #expect(verdicts[aimed.edge - 1] == .passed)
        // What is sent at the very instant of a deadline is in time.
        #expect(verdicts[aimed.edge] == .passed)
        #expect(verdicts[aimed.edge + 1] == .violated)
    }

    @Test("a deadline that is set only after a fault is aimed at behind that fault")
    func lateBoundaries() throws {
        let space = try ExplorerFixture.space(ExplorerFixture.scenario(["server-error"]), count: 1)
        let agent = ImpatientAgent(
            questions: ExplorerFixture.questions(count: 1), wait: "retry", limit: .seconds(5))
        var explorer = Explorer(
            space, runner: InProcessRunner(agent, tape: space.tape),
            options: ExplorationOptions(phases: [.boundaries]))
        let found = try explorer.explore()
        let plans = found.rows.filter { $0.phase == .boundaries && $0.verdict == .violated }
            .map { found.plan(of: $0).faults.map(\.fault) }
        #expect(plans.first == ["server-error", "ttfb-spike"])
        #expect(found.tally(.boundaries).covered == found.tally(.boundaries).total)
    }

    @Test("an agent that takes answers in the order of its questions is found by other orders")
    func orders() throws {
        let space = try ExplorerFixture.space(count: 4)
        var options = ExplorationOptions(phases: [.orders])
        options.orders = 8
        func explore(_ isNaive: Bool) throws -> Exploration {
            let agent = TwinAgent(
                questions: ExplorerFixture.questions(count: 4), isNaive: isNaive)
            var explorer = Explorer(
                space, runner: InProcessRunner(agent, tape: space.tape), options: options)
            return try explorer.explore()
        }
        let naive = try explore(true)
        #expect(naive.tally(.orders).runs == 8)
        #expect(naive.rows.contains { $0.phase == .orders && $0.verdict == .violated })
        #expect(naive.rows.contains { $0.phase == .orders && $0.verdict == .passed })
        #expect(try explore(false).failures.isEmpty)
    }

    @Test("an agent that asks for one thing after the other has no other orders")
    func noOrders() throws {
        let space = try ExplorerFixture.space()
        let found = try ExplorerFixture.explore(
            "retries", space, ExplorationOptions(phases: [.orders]))
        #expect(found.tally(.orders).total == 0)
        #expect(found.isComplete)
    }

    @Test("the swarm runs each seed's faults, not always all kinds")
    func swarm() throws {
        let space = try ExplorerFixture.space()
        var options = ExplorationOptions(phases: [.swarm])
        options.seeds = (0..<24).map { Seed($0) }
        let found = try ExplorerFixture.explore("retries", space, options)
        let rows = found.rows.filter { $0.phase == .swarm }
        #expect(rows.count == 24)
        let kinds = rows.map { Set(found.plan(of: $0).faults.map(\.fault)) }
        #expect(!kinds.contains([]))
        #expect(Set(kinds).count > 6)
        #expect(
            rows.enumerated().allSatisfy { place, row in
                found.plan(of: row).order == Seed(UInt64(place))
            })
    }

    @Test("an agent that never gives up, and loops after a burst, is found by the liveness rung")
    func liveness() throws {
        let space = try ExplorerFixture.space(ExplorerFixture.scenario(["server-error"]))
        func explore(_ loops: Bool) throws -> Exploration {
            let agent = EndlessAgent(questions: ExplorerFixture.questions(), loops: loops)
            var explorer = Explorer(
                space,
                runner: InProcessRunner(
                    agent, tape: space.tape,
                    options: WorldOptions(clock: .virtual, virtualTimeMax: .seconds(3_600))),
                options: ExplorationOptions(phases: [.liveness]))
            return try explorer.explore()
        }
        let rows = try explore(true).rows
        // One and two errors in a row are borne; after three it waits for ever.
        #expect(rows.map(\.verdict) == [.passed, .passed, .hung])
        #expect(try explore(false).failures.isEmpty)
    }

    @Test("failures of earlier storms come first")
    func saved() throws {
        let space = try ExplorerFixture.space()
        var plan = space.base
        plan.faults = (1...3).map { attempt in
            var fault = space.sites[0].fault
            fault.anchor.attempt = attempt
            return fault
        }
        var options = ExplorationOptions.singles
        options.saved = [plan]
        let found = try ExplorerFixture.explore("retries", space, options)
        #expect(found.rows[0].phase == .saved)
        #expect(found.rows[0].verdict == .violated)
        #expect(found.failures.map(\.phase) == [.saved])
        #expect(found.failures[0].plan == plan)
    }
}
