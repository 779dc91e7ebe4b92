import Cassette
import Determinism
import Faults
import Search
import Testing

@Suite("The space of single faults")
struct SpaceTests {
    @Test(
        "each entry stands once at each call that it selects, however seldom and often it strikes")
    func places() throws {
        var seldom = FaultEntry(fault: "server-error")
        seldom.selector.probability = Ratio(1, 1_000_000) ?? .never
        seldom.times = 3
        var tools = FaultEntry(fault: "tool-error")
        tools.selector.kind = .tool
        var second = FaultEntry(fault: "rate-limit-429")
        second.selector.attempt = 2
        let scenario = Scenario(name: "s", faults: [seldom, tools, second])
        let space = try FaultSpace(scenario, tape: ExplorerFixture.tape(count: 4))
        let places = space.sites.map {
            "\($0.fault.fault) \($0.anchor.ordinal).\($0.anchor.attempt)"
        }
        #expect(
            places == [
                "server-error 1.1", "rate-limit-429 1.2", "server-error 2.1", "tool-error 2.1",
                "rate-limit-429 2.2", "server-error 3.1", "rate-limit-429 3.2",
                "server-error 4.1", "tool-error 4.1", "rate-limit-429 4.2",
            ])
        #expect(space.sites.allSatisfy { $0.fault.anchor.attempt == $0.anchor.attempt })
        #expect(space.base.faults.isEmpty)
    }

    @Test("a later attempt has the faults of entries that begin before it")
    func later() throws {
        var second = FaultEntry(fault: "rate-limit-429")
        second.selector.attempt = 2
        let scenario = Scenario(name: "s", faults: [FaultEntry(fault: "server-error"), second])
        let space = try FaultSpace(scenario, tape: ExplorerFixture.tape(count: 1))
        #expect(try space.later(1).isEmpty)
        #expect(try space.later(2).map(\.fault.fault) == ["server-error"])
        #expect(try space.later(3).map(\.fault.fault) == ["server-error", "rate-limit-429"])
        #expect(try space.later(3).allSatisfy { $0.fault.anchor.attempt == 3 })
    }

    @Test("more draws are more values of a parameter, each once")
    func draws() throws {
        let entry = FaultEntry(fault: "ttfb-spike", settings: [("delay_ms", .range(1...4))])
        let scenario = Scenario(name: "s", faults: [entry, FaultEntry(fault: "server-error")])
        func values(_ draws: Int, seed: UInt64 = 0) throws -> [Int64] {
            try FaultSpace(
                scenario, tape: ExplorerFixture.tape(count: 1),
                options: FaultSpace.Options(seed: Seed(seed), draws: draws)
            ).sites.compactMap { $0.fault.parameters.value("delay_ms")?.intValue }
        }
        #expect(try values(1).count == 1)
        let many = try values(40)
        #expect(many.sorted() == [1, 2, 3, 4])
        #expect(Array(try values(3).prefix(1)) == Array(many.prefix(1)))
        // Nothing is drawn of the other one: it stands there once.
        let space = try FaultSpace(
            scenario, tape: ExplorerFixture.tape(count: 1),
            options: FaultSpace.Options(draws: 40))
        #expect(space.sites.filter { $0.fault.fault == "server-error" }.count == 1)
    }

    @Test("what can never apply is listed once with its reason")
    func inapplicable() throws {
        let scenario = Scenario(
            name: "s", faults: [FaultEntry(fault: "chunk-split-utf8")])
        let space = try FaultSpace(
            scenario, tape: ExplorerFixture.tape(count: 3),
            options: FaultSpace.Options(draws: 5))
        #expect(space.sites.isEmpty)
        #expect(space.inapplicable.map(\.fault) == Array(repeating: "chunk-split-utf8", count: 3))
        #expect(space.inapplicable.allSatisfy { !$0.reason.isEmpty })
    }

    @Test("an entry that is wrong is named by its place")
    func wrongEntry() {
        let scenario = Scenario(
            name: "s", faults: [FaultEntry(fault: "server-error"), FaultEntry(fault: "nothing")])
        #expect {
            try FaultSpace(scenario, tape: ExplorerFixture.tape(count: 1))
        } throws: { error in
            (error as? ExpansionError)?.entry == 1
        }
    }

    @Test("the plan of some sites has all that the scenario decides")
    func plan() throws {
        let scenario = Scenario(
            name: "s", faults: [FaultEntry(fault: "server-error")],
            invariants: [["exit_code": 0]], offTape: .nearest, stubs: [Stub(body: "{}")])
        let space = try FaultSpace(
            scenario, tape: ExplorerFixture.tape(count: 2), prompt: "another")
        let plan = space.plan([space.sites[1]])
        #expect(plan.faults == [space.sites[1].fault])
        #expect(plan.invariants == scenario.invariants)
        #expect(plan.offTape == .nearest)
        #expect(plan.stubs == scenario.stubs)
        #expect(plan.prompt == "another")
        #expect(plan.cassette == space.tape.hash)
    }
}
