import Cassette
import Determinism
import Faults
import Search
import Simulation
import Testing

/// Runs that go on from where another one was the same are the runs that begin at the start.
@Suite("In-process runs that share their beginnings")
struct SharedRunsTests {
    /// Kinds of several layers; the last one strikes on the way to a connection.
    private static let kinds = [
        "server-error", "rate-limit-429", "ttfb-spike", "conn-reset-mid-body", "chunk-merge",
        "connect-refused",
    ]

    private static func plans(_ space: FaultSpace, sizes: ClosedRange<Int>) -> [Plan] {
        var plans = [space.base]
        for (place, first) in space.sites.enumerated() {
            plans.append(space.plan([first]))
            var everywhere = space.plan([first])
            everywhere.faults[0].anchor.attempt = nil
            plans.append(everywhere)
            for (next, second) in space.sites.enumerated().dropFirst(place + 1)
            where second.anchor != first.anchor {
                plans.append(space.plan([first, second]))
                // Other orders of the faults, and of requests that wait together.
                if (place + next) % 5 == 0 { plans.append(space.plan([second, first])) }
                if (place + next) % 7 == 0 {
                    var ordered = space.plan([first, second])
                    ordered.order = Seed(UInt64(next))
                    ordered.orderChanges = [1]
                    plans.append(ordered)
                }
                guard sizes.upperBound >= 3, (place * 7 + next) % 12 == 0 else { continue }
                for third in space.sites.dropFirst(next + 1) where third.anchor != second.anchor {
                    plans.append(space.plan([first, second, third]))
                }
            }
        }
        if let site = space.sites.last, let first = space.sites.first {
            plans.append(space.plan([first, site, site, first]))
        }
        return plans
    }

    /// The same plans in an order that a number draws.
    private static func shuffled(_ plans: [Plan], _ seed: UInt64) -> [Plan] {
        plans.enumerated().map { place, plan in
            let draws = KeyedRandom(
                seed: Seed(seed), callID: UInt64(place), take: 0, attempt: 0)
            return (key: draws.word(.order), plan: plan)
        }.sorted { $0.key < $1.key }.map(\.plan)
    }

    @Test(
        "each trace is that of the whole run, whatever ran before",
        arguments: ExplorerFixture.agents)
    func same(name: String) throws {
        let space = try ExplorerFixture.space(ExplorerFixture.scenario(Self.kinds), count: 5)
        let agent = ExplorerFixture.agent(name)
        let cache = DeliveryCache()
        let inOrder = Self.plans(space, sizes: 1...3)
        #expect(inOrder.count > 500)
        var whole: [Plan: Trace] = [:]
        for plan in inOrder {
            whole[plan] = InProcessRun.trace(of: agent, tape: space.tape, plan: plan, cache: cache)
        }
        for plans in [inOrder, inOrder.reversed(), Self.shuffled(inOrder, 1)] {
            var runs = InProcessRuns(of: agent, tape: space.tape, cache: cache)
            for plan in plans {
                let trace = runs.trace(plan)
                guard trace == whole[plan] else {
                    Issue.record("another run of \(plan.faults.map(\.fault))")
                    return
                }
            }
            #expect(runs.resumed > plans.count / 10, "\(runs.resumed) of \(plans.count)")
        }
    }

    @Test("plans that differ in more than their faults share nothing")
    func others() throws {
        let space = try ExplorerFixture.space(count: 3)
        let site = try #require(space.sites.last)
        var plan = space.plan([site])
        var runs = InProcessRuns(
            of: ExplorerFixture.agent("retries", count: 3), tape: space.tape,
            cache: DeliveryCache())
        _ = runs.trace(plan)
        _ = runs.trace(plan)
        #expect(runs.resumed == 1)
        plan.offTape = .fail
        _ = runs.trace(plan)
        plan.order = Seed(9)
        _ = runs.trace(plan)
        #expect(runs.resumed == 1)
    }

    @Test("an agent that is an object is never copied, so that its runs share nothing")
    func objects() throws {
        final class Counter: InProcessAgent {
            let questions = ExplorerFixture.questions(count: 1)
            var calls = 0
            func handle(
                _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
            ) {
                calls += 1
                guard case .started = input else { return outputs.append(.exit(.code(0))) }
                outputs.append(
                    .request(
                        RequestTag(1), upstream: questions[0].upstream, questions[0].request))
            }
        }
        let space = try ExplorerFixture.space(count: 1)
        var runs = InProcessRuns(of: Counter(), tape: space.tape, cache: DeliveryCache())
        for site in space.sites { _ = runs.trace(space.plan([site])) }
        #expect(runs.resumed == 0)
    }
}
