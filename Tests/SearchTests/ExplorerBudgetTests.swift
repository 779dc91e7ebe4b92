import Determinism
import Faults
import Search
import Testing

@Suite("Budgets, resumption and workers")
struct ExplorerBudgetTests {
    static let phases: Set<ExplorationPhase> = [
        .calm, .singles, .followUps, .boundaries, .pairs, .orders, .swarm, .liveness,
    ]

    static var options: ExplorationOptions {
        var options = ExplorationOptions(phases: phases)
        options.seeds = [Seed(1), Seed(2)]
        options.orders = 2
        return options
    }

    static func space() throws -> FaultSpace {
        try ExplorerFixture.space(
            ExplorerFixture.scenario(["server-error", "ttfb-spike"]), count: 2)
    }

    static func agent() -> GroupAgent {
        var agent = GroupAgent(ExplorerFixture.questions(count: 2), groups: [[0, 1]])
        agent.attemptsMax = 2
        agent.timeOut = .seconds(20)
        return agent
    }

    @Test("a search that was stopped after any run goes on to the same result")
    func resumption() throws {
        let space = try Self.space()
        let runner = RememberingRunner(ExplorerFixture.runner(Self.agent(), space))
        var whole = Explorer(space, runner: runner, options: Self.options)
        let expected = try whole.explore()
        #expect(expected.isComplete)
        #expect(expected.runs > 30)
        for most in 0...expected.runs {
            var options = Self.options
            options.runsMax = most
            var part = Explorer(space, runner: runner, options: options)
            let found = try part.explore()
            #expect(found.runs == most)
            #expect(found.wasCutOff == (most < expected.runs))
            #expect(found.isComplete == (most == expected.runs))
            // What was decided stands as it will stand at the end.
            for (row, final) in zip(found.rows, expected.rows) where row.standing != .left {
                #expect(row == final)
            }
        }
        // A new process that remembers what the old one saw.
        let second = RememberingRunner(ExplorerFixture.runner(Self.agent(), space))
        var options = Self.options
        options.runsMax = expected.runs / 2
        var first = Explorer(space, runner: second, options: options)
        _ = try first.explore()
        let before = second.runs
        var rest = Explorer(space, runner: second, options: Self.options)
        #expect(try rest.explore() == expected)
        #expect(before > 0 && second.runs > before && second.runs <= expected.runs)
    }

    @Test("one that is stopped from outside between batches goes on too")
    func spent() throws {
        let space = try Self.space()
        let runner = RememberingRunner(ExplorerFixture.runner(Self.agent(), space))
        var whole = Explorer(space, runner: runner, options: Self.options)
        let expected = try whole.explore()
        let batches = runner.batches
        for most in 0..<batches {
            var asked = 0
            var part = Explorer(
                space, runner: runner, options: Self.options,
                isSpent: {
                    asked += 1
                    return asked > most
                })
            let found = try part.explore()
            #expect(found.wasCutOff)
            #expect(!found.isComplete)
            #expect(found.runs < expected.runs)
        }
        var rest = Explorer(space, runner: runner, options: Self.options)
        #expect(try rest.explore() == expected)
    }

    @Test("how many workers there are decides nothing", arguments: [2, 3, 16])
    func width(width: Int) throws {
        let space = try Self.space()
        func explore(_ width: Int) throws -> Exploration {
            let runner = RememberingRunner(
                ExplorerFixture.runner(Self.agent(), space), width: width)
            var explorer = Explorer(space, runner: runner, options: Self.options)
            return try explorer.explore()
        }
        #expect(try explore(width) == explore(1))
    }

    @Test(
        "more combinations than can be held are refused before any run",
        arguments: [(ExplorationPhase.pairs, 160), (.triples, 640)])
    func combinations(phase: ExplorationPhase, count: Int) throws {
        let space = try ExplorerFixture.space()
        func explore(_ most: Int) throws -> (found: Exploration, runs: Int) {
            let runner = RememberingRunner(
                ExplorerFixture.runner(ExplorerFixture.agent("stops early"), space))
            var options = ExplorationOptions(phases: [phase])
            options.combinationsMax = most
            options.runsMax = 1
            var explorer = Explorer(space, runner: runner, options: options)
            do {
                return (try explorer.explore(), runner.runs)
            } catch {
                #expect(runner.runs == 0)
                throw error
            }
        }
        let error = #expect(throws: ExplorationError.self) { try explore(count - 1) }
        #expect(error?.code == .tooManyCombinations)
        #expect(
            error?.message.hasPrefix("20 single faults make \(count) \(phase.rawValue), and ")
                == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("name fewer kinds") == true)
        #expect(try explore(count).runs == 1)
    }

    @Test("so many are counted as there are rows", arguments: [ExplorationPhase.pairs, .triples])
    func counted(phase: ExplorationPhase) throws {
        // Two entries of three strike at the tool's calls only, so that places differ in size.
        var scenario = ExplorerFixture.scenario(["server-error", "ttfb-spike", "rate-limit-429"])
        for entry in 1...2 { scenario.faults[entry].selector.upstream = "shop" }
        let space = try ExplorerFixture.space(scenario)
        var options = ExplorationOptions(phases: [phase])
        let found = try ExplorerFixture.explore("stops early", space, options)
        options.combinationsMax = found.rows.filter { $0.phase == phase }.count
        #expect(try ExplorerFixture.explore("stops early", space, options) == found)
        options.combinationsMax -= 1
        #expect(throws: ExplorationError.self) {
            try ExplorerFixture.explore("stops early", space, options)
        }
    }

    @Test("progress counts up to the whole of each rung")
    func progress() throws {
        let space = try Self.space()
        var seen: [ExplorationProgress] = []
        var explorer = Explorer(
            space, runner: ExplorerFixture.runner(Self.agent(), space), options: Self.options,
            progress: { seen.append($0) })
        let found = try explorer.explore()
        for phase in ExplorationPhase.allCases {
            let steps = seen.filter { $0.phase == phase }
            #expect(steps.map(\.done) == steps.map(\.done).sorted())
            if let last = steps.last {
                #expect(last.total == found.tally(phase).total || phase == .followUps)
            }
        }
        #expect(seen.last?.runs == found.runs)
        #expect(seen.last?.failed == found.rows.filter { $0.failure != nil }.count)
    }
}
