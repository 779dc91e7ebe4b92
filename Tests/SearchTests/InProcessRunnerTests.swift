import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

/// Runs in this process are whole, unless who makes the runner knows that they can share.
@Suite("The runner in this process")
struct InProcessRunnerTests {
    /// A value that holds an object: what it counts is the same in all copies of it.
    private struct CountingAgent: InProcessAgent {
        final class Count {
            var answers = 0
        }

        let questions: [GroupAgent.Question]
        let count = Count()
        private var next = 0

        init(_ questions: [GroupAgent.Question]) {
            self.questions = questions
        }

        mutating func handle(
            _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
        ) {
            switch input {
            case .started: count.answers = 0
            case .ended: count.answers += 1
            case .closed, .reset: break
            default: return
            }
            guard next < questions.count else {
                outputs.append(.write(.standardOutput, Array("\(count.answers) answers\n".utf8)))
                outputs.append(.exit(.code(0)))
                return
            }
            let question = questions[next]
            next += 1
            outputs.append(
                .request(RequestTag(next), upstream: question.upstream, question.request))
        }
    }

    private static func plans(_ space: FaultSpace) -> [Plan] {
        space.sites.indices.flatMap { first in
            space.sites[(first + 1)...].map { space.plan([space.sites[first], $0]) }
        }
    }

    @Test("An agent that holds an object is judged by whole runs")
    func references() throws {
        let space = try ExplorerFixture.space(
            ExplorerFixture.scenario(["server-error", "conn-reset-mid-body"]), count: 4)
        let agent = CountingAgent(ExplorerFixture.questions(count: 4))
        var runner = InProcessRunner(agent, tape: space.tape)
        let plans = Self.plans(space)
        let seen = try runner.run(plans)
        var digests: Set<UInt64> = []
        for (plan, seen) in zip(plans, seen) {
            // A runner of its own for each has nothing to go on from.
            var alone = InProcessRunner(agent, tape: space.tape)
            let whole: Observation = try alone.run(plan)
            #expect(seen == whole, "\(plan.faults.map(\.fault))")
            digests.insert(seen.digest.prefix64)
        }
        #expect(digests.count > plans.count / 2)
    }

    @Test("An agent that is a value all through is seen the same when runs share")
    func values() throws {
        let space = try ExplorerFixture.space(count: 4)
        let agent = ExplorerFixture.agent("retries", count: 4)
        let plans = Self.plans(space)
        var whole = InProcessRunner(agent, tape: space.tape)
        var shared = InProcessRunner(agent, tape: space.tape, sharesBeginnings: true)
        #expect(try shared.run(plans) == whole.run(plans))
    }
}
