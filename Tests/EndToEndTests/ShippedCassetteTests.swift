import Determinism
import Testing

/// The shipped cassette, its scenario and the two support agents of the demo.
@Suite("The shipped cassette")
struct ShippedCassetteTests {
    private func storm(_ agent: String, workers: Int) async throws -> Run {
        let result = try await Stormtape.run(
            ["storm", "--no-history", "--cassette", "cassettes/support.cassette"]
                + ["--scenario", "fixtures/scenarios/demo.yaml", "--seeds", "1..4"]
                + ["--workers", String(workers), "--format", "json", "--"]
                + [Checkout.python(), "fixtures/agents/support_agent_\(agent).py"],
            in: Checkout.root)
        return try Run(result)
    }

    @Test("The naive agent is stormed with one digest for any number of workers")
    func naive() async throws {
        let one = try await storm("naive", workers: 1)
        let two = try await storm("naive", workers: 2)
        #expect(one.runs.count == 4)
        #expect(one.digest == two.digest)
        let verdicts = one.runs.compactMap { $0["verdict"]?.stringValue }
        #expect(!verdicts.contains("nondeterministic") && !verdicts.contains("invalid"))
        #expect(one.runs.contains { !($0["faults"]?.arrayValue ?? []).isEmpty })
    }

    @Test("The hardened agent survives the same plans")
    func hardened() async throws {
        let storm = try await storm("hardened", workers: 2)
        for run in storm.runs {
            let verdict = run["verdict"]?.stringValue ?? ""
            #expect(
                ["passed", "passed-assumed"].contains(verdict),
                "seed \(run["seed"]?.intValue ?? 0): \(verdict) \(run["reason"]?.stringValue ?? "")"
            )
        }
    }
}
