import Determinism
import Search
import Testing

@testable import Runner

@Suite("Which search a journal belongs to")
struct JournalIdentityTests {
    private static func identity(_ change: (inout RunConfiguration) -> Void) -> JSONValue {
        var configuration = RunConfiguration(cassette: "a.cassette", command: ["agent"])
        change(&configuration)
        let request = ExplorationRequest(
            configuration, options: .singles, workers: 1, journals: nil, tool: "1")
        let digest = Digest(hashing: [1])
        // The agent is the same in all of them: its own digest is tested elsewhere.
        let agent = AgentIdentity(RunConfiguration(cassette: "a.cassette", command: ["agent"]))
        return Explorations.identity(request, agent, digest)
    }

    @Test("What is shown, and how lines are spelled, decides nothing")
    func without() {
        let plain = Self.identity { _ in }
        #expect(Self.identity { $0.showsOutput = true } == plain)
        #expect(Self.identity { $0.spelled = ["wall-limit"] } == plain)
        #expect(Self.identity { $0.file = ["--config", "other.yaml"] } == plain)
    }

    @Test("What a run goes by decides")
    func with() {
        let plain = Self.identity { _ in }
        #expect(Self.identity { $0.wallLimitMilliseconds = 5 } != plain)
        #expect(Self.identity { $0.usesVirtualClock = false } != plain)
        #expect(Self.identity { $0.prompt = "another" } != plain)
        #expect(Self.identity { $0.invariants = [["exit_code": 0]] } != plain)
    }
}
