import Cassette
import Determinism
import Faults
import Search
import Simulation
import Testing

/// What is kept of runs is bounded, however an agent asks; what is seen stays the same.
@Suite("What in-process runs keep to go on from")
struct SharedRunsBoundsTests {
    /// Asks one question so often.
    private static func insistent(_ times: Int) -> GroupAgent {
        var agent = GroupAgent(
            ExplorerFixture.questions(count: 1), groups: Array(repeating: [0], count: times))
        agent.failure = .goOn
        return agent
    }

    private static func space(count: Int) throws -> FaultSpace {
        try ExplorerFixture.space(ExplorerFixture.scenario(["server-error"]), count: count)
    }

    /// How many states the run of a plan leaves; it is made twice, and compared with the whole run.
    private static func kept(_ agent: GroupAgent, _ space: FaultSpace, _ plan: Plan) -> Int {
        let cache = DeliveryCache()
        let whole = InProcessRun.trace(of: agent, tape: space.tape, plan: plan, cache: cache)
        var runs = InProcessRuns(of: agent, tape: space.tape, cache: cache)
        #expect(runs.trace(plan) == whole)
        #expect(runs.trace(plan) == whole)
        return runs.keptCount
    }

    @Test("A fault at every attempt of a call that is made again and again leaves few states")
    func everyAttempt() throws {
        let space = try Self.space(count: 1)
        var plan = space.plan([try #require(space.sites.first)])
        plan.faults[0].anchor.attempt = nil
        let agent = Self.insistent(100)
        let trace = InProcessRun.trace(
            of: agent, tape: space.tape, plan: plan, cache: DeliveryCache())
        #expect(trace.firedFaults.count == 100)
        #expect(Self.kept(agent, space, plan) == 8)
    }

    @Test("A fault that has struck, and strikes once, leaves one state")
    func decided() throws {
        let space = try Self.space(count: 1)
        let plan = space.plan([try #require(space.sites.first)])
        #expect(Self.kept(Self.insistent(100), space, plan) == 1)
    }

    @Test(
        "Late in a long run nothing is kept",
        arguments: [(150, 1), (201, 1), (202, 0), (290, 0)])
    func long(call: Int, kept: Int) throws {
        let space = try Self.space(count: 300)
        let site = try #require(space.sites.first { $0.anchor.ordinal == call })
        var agent = GroupAgent(ExplorerFixture.questions(count: 300))
        agent.failure = .goOn
        #expect(Self.kept(agent, space, space.plan([site])) == kept)
    }

    @Test("A sweep over many calls goes on from the latest state all along")
    func sweep() throws {
        let space = try Self.space(count: 20)
        let agent = CountingAgent(count: 20)
        var runs = InProcessRuns(of: agent, tape: space.tape, cache: DeliveryCache())
        let sites = space.sites.sorted { $0.anchor.ordinal < $1.anchor.ordinal }
        var asked: [Int] = []
        for site in sites {
            let before = agent.counter.asked
            let plan = space.plan([site])
            let trace = runs.trace(plan)
            asked.append(agent.counter.asked - before)
            #expect(
                trace
                    == InProcessRun.trace(
                        of: agent, tape: space.tape, plan: plan, cache: DeliveryCache()))
        }
        // The state before a call goes on to that call, and asks all that come after it.
        #expect(asked == [20] + (1...19).map { 20 - $0 })
        #expect(runs.keptCount <= 8)
    }
}

/// Asks one question after the other, and counts what all its copies ask.
private struct CountingAgent: InProcessAgent {
    final class Counter {
        var asked = 0
    }

    let counter = Counter()
    private let questions: [GroupAgent.Question]
    private var next = 0

    init(count: Int) {
        questions = ExplorerFixture.questions(count: count)
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .head, .body, .timer: return
        case .started, .ended, .closed, .reset: break
        }
        guard next < questions.count else { return outputs.append(.exit(.code(0))) }
        let question = questions[next]
        next += 1
        counter.asked += 1
        outputs.append(
            .request(RequestTag(next), upstream: question.upstream, question.request))
    }
}
