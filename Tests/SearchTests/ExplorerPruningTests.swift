import Determinism
import Faults
import Judgement
import Search
import Testing

/// Whatever the explorer decides without a run is checked by that run.
@Suite("What is decided without a run")
struct ExplorerPruningTests {
    @Test(
        "no pair that was called unreachable, equivalent or inapplicable is anything else",
        arguments: ExplorerFixture.agents)
    func pairs(name: String) throws {
        let space = try ExplorerFixture.space()
        let found = try ExplorerFixture.explore(name, space, .pairs)
        let rows = found.rows.filter { $0.phase == .pairs }
        #expect(rows.count == 160)
        try check(rows, of: found, name, space)
        // Two of four kinds have the same bytes.
        #expect(rows.contains { $0.standing == .equivalent } == (name != "stops early"))
    }

    @Test("no triple either", arguments: ["retries", "parallel", "shares a budget"])
    func triples(name: String) throws {
        let kinds = Array(ExplorerFixture.kinds.prefix(3))
        let space = try ExplorerFixture.space(ExplorerFixture.scenario(kinds), count: 4)
        let options = ExplorationOptions(phases: [.triples])
        let found = try ExplorerFixture.explore(name, space, options, count: 4)
        let rows = found.rows.filter { $0.phase == .triples }
        #expect(rows.count == 4 * 27)
        try check(rows, of: found, name, space, count: 4)
        #expect(rows.contains { $0.standing == .covered })
    }

    @Test("an agent that stops at the first error leaves most pairs unreachable")
    func stopsEarly() throws {
        let space = try ExplorerFixture.space()
        let found = try ExplorerFixture.explore("stops early", space, .pairs)
        // No fault but the first ever strikes: all of them end the run.
        #expect(found.tally(.pairs).unreachable == 160)
        #expect(found.tally(.pairs).runs == 0)
        #expect(found.tally(.singles).covered == 20)
    }

    @Test("faults with the same bytes are two where a rule asks for the kind")
    func kinds() throws {
        let rules: [JSONValue] = [["exit_code": 0, "when": "fault:rate-limit-lying"]]
        let space = try ExplorerFixture.space(ExplorerFixture.scenario(rules: rules))
        let found = try ExplorerFixture.explore("retries", space, .pairs)
        #expect(found.tally(.pairs).equivalent == 0)
        #expect(found.tally(.pairs).covered == 160)
    }

    private func check(
        _ rows: [ExplorationRow], of found: Exploration, _ name: String, _ space: FaultSpace,
        count: Int = 5
    ) throws {
        var runner = ExplorerFixture.runner(ExplorerFixture.agent(name, count: count), space)
        let seen = try runner.run(rows.map { found.plan(of: $0) })
        // What was run, by where its faults strike.
        var effects: [[ReachedAnchor]: Set<Digest>] = [:]
        func places(_ row: ExplorationRow) -> [ReachedAnchor] {
            row.sites.map { found.sites[$0].anchor }.sorted()
        }
        for (row, seen) in zip(rows, seen) where row.verdict != nil {
            #expect(row.digest == seen.digest)
            #expect(row.standing == .covered)
            effects[places(row), default: []].insert(seen.effect)
        }
        for (row, seen) in zip(rows, seen) where row.verdict == nil {
            let all = seen.fired.count == row.sites.count
            switch row.standing {
            case .unreachable, .inapplicable: #expect(!all, "\(name): \(row)")
            case .equivalent:
                #expect(all, "\(name): \(row)")
                #expect(effects[places(row)]?.contains(seen.effect) == true, "\(name): \(row)")
            case .covered, .masked, .left: Issue.record("\(row)")
            }
        }
    }
}
