import Cassette
import Determinism
import Faults
import Testing

/// Draws are keyed, so that nothing which does not concern a fault shifts it.
@Suite("Stability of expansions")
struct ExpansionStabilityTests {
    typealias Fixture = ExpansionFixture

    static func entry(_ fault: String = "model-fault") throws -> FaultEntry {
        var entry = FaultEntry(fault: fault, times: 2)
        entry.selector.probability = try #require(Ratio(1, 2))
        return entry
    }

    @Test("a fixed seed gives this very plan")
    func golden() throws {
        let plan = try Fixture.expand([try Self.entry(), try Self.entry("tool-fault")], seed: 7)
            .plan
        let expected = GoldenPlan.text.replacing("CASSETTE", with: plan.cassette.hex)
        #expect(plan.json.canonicalText() == expected)
    }

    @Test("half the anchors fire at one half, over many seeds")
    func frequency() throws {
        let entry = try Self.entry("plain")
        let fired = try (UInt64(0)..<500).reduce(0) {
            $0 + (try Fixture.expand([entry], seed: $1).plan.faults.count)
        }
        // 3,500 fair coins, two attempts each: the standard deviation is 59 faults.
        #expect((3_200...3_800).contains(fired))
    }

    @Test("the name, other entries and their order shift no draw", arguments: UInt64(0)..<200)
    func independence(seed: UInt64) throws {
        let entry = try Self.entry()
        let alone = try Fixture.expand([entry], seed: seed).plan.faults
        let renamed = try Fixture.expand([entry], seed: seed, name: "another").plan
        let crowded = try Fixture.expand(
            [
                try Self.entry("tool-fault"), try Self.entry("plain"), entry,
                try Self.entry("stale"),
            ],
            seed: seed
        ).plan.faults.filter { $0.fault == "model-fault" }
        #expect(renamed.faults == alone, "seed \(seed)")
        #expect(crowded == alone, "seed \(seed)")
        // A second entry of the same fault draws anew and leaves the first as it is.
        let twice = try Fixture.expand([entry, entry], seed: seed).plan.faults
        #expect(Array(twice.prefix(alone.count)) == alone, "seed \(seed)")
    }

    @Test("equal entries draw differently from each other")
    func equalEntries() throws {
        let entry = try Self.entry()
        let differing = try (UInt64(0)..<50).filter { seed in
            let alone = try Fixture.expand([entry], seed: seed).plan.faults
            let twice = try Fixture.expand([entry, entry], seed: seed).plan.faults
            return Array(twice.dropFirst(alone.count)) != alone
        }
        #expect(differing.count > 40)
    }

    @Test("setting one parameter leaves the draws of the others", arguments: UInt64(0)..<50)
    func parametersAreIndependent(seed: UInt64) throws {
        var entry = FaultEntry(fault: "model-fault")
        let plain = try Fixture.expand([entry], seed: seed).plan.faults
        entry.settings = [("note", .fixed("set"))]
        let set = try Fixture.expand([entry], seed: seed).plan.faults
        #expect(
            plain.map { $0.parameters.integer("delay_ms") }
                == set.map { $0.parameters.integer("delay_ms") }, "seed \(seed)")
    }

    @Test("more interactions on the tape leave the draws of the others")
    func longerTape() throws {
        let longer = Fixture.tape(
            of: [
                Fixture.model(1, "first of all", status: 200, at: 0),
                Fixture.model(2, "hello", status: 200, at: 1),
            ])
        let scenario = Scenario(name: "s", faults: [try Self.entry()])
        for seed in UInt64(0)..<50 {
            let short = try Fixture.expand(scenario.faults, seed: seed).plan.faults
            let long = try Expansion.expand(
                scenario, seed: Seed(seed), tape: longer, catalogue: Fixture.catalogue
            ).plan.faults
            let hello = Fixture.tape.entry(1).fingerprint
            #expect(
                short.filter { $0.anchor.fingerprint == hello }.map(\.parameters)
                    == long.filter { $0.anchor.fingerprint == hello }.map(\.parameters),
                "seed \(seed)")
        }
    }
}
