import Determinism
import Testing

/// A seed generates, a plan reproduces: anywhere, under load, with any number of workers.
@Suite("Seeds, plans and storms repeat")
struct SeedAndPlanTests {
    @Test("The closed plan gives the digest of the seed, elsewhere too", arguments: [1, 2, 3, 4])
    func planReproduces(_ seed: UInt64) async throws {
        let tape = try await DialogueTape.tape
        let seeded = try await tape.replay(scenario: DialogueTape.storm, seed: seed)
        #expect([0, 3].contains(seeded.status), "\(seeded.err)")
        let planned = try await tape.replay(["--plan", seeded.plan])
        #expect(planned.digest == seeded.digest)
        #expect(planned.verdict == seeded.verdict)
        #expect(planned.status == seeded.status)
        #expect(planned.fired == seeded.fired)
        #expect(planned.plan == seeded.plan, "a closed plan is closed")

        // Another checkout: the cassette and the agent are copies, the folder is another one.
        var moved = tape
        moved.cassette = try Scratch.copy(tape.cassette)
        moved.command[1] = try Scratch.copy(tape.command[1])
        let elsewhere = try await moved.replay(["--plan", seeded.plan], in: Scratch.folder())
        #expect(elsewhere.digest == seeded.digest)
    }

    @Test("A plan is read from a file as well, and not for another cassette")
    func planFile() async throws {
        let tape = try await DialogueTape.tape
        let seeded = try await tape.replay(scenario: DialogueTape.storm, seed: 5)
        let file = try Scratch.file("plan.txt", seeded.plan + "\n")
        let planned = try await tape.replay(["--plan", file])
        #expect(planned.digest == seeded.digest)

        let other = try await ProbeTape.tool.tape
        let refused = try await Stormtape.run(
            ["replay", "--cassette", other.cassette, "--plan", seeded.plan, "--"] + other.command)
        #expect(refused.status == 2)
        #expect(refused.err.contains("cassette"), "\(refused.err)")
    }

    @Test("Storms have one digest: 1 worker, 2 workers, under load, cassette moved")
    func stormsRepeat() async throws {
        let tape = try await DialogueTape.tape
        let scenario = try Scratch.file("storm.yaml", DialogueTape.storm)
        let one = try await tape.storm(scenario, seeds: "1..6", options: ["--workers", "1"])
        #expect(one.runs.count == 6)
        #expect(one.runs.contains { !($0["faults"]?.arrayValue ?? []).isEmpty })
        #expect(!one.runs.contains { $0["verdict"]?.stringValue == "nondeterministic" })
        let two = try await tape.storm(scenario, seeds: "1..6", options: ["--workers", "2"])
        #expect(two.digest == one.digest)
        #expect(two.runs == one.runs)

        var moved = tape
        moved.cassette = try Scratch.copy(tape.cassette)
        let loaded = try await underLoad { [moved] in
            try await moved.storm(scenario, seeds: "1..6", options: ["--workers", "2"])
        }
        #expect(loaded.digest == one.digest)
        #expect(
            loaded.runs.map { $0["digest"]?.stringValue }
                == one.runs.map { $0["digest"]?.stringValue })

        let third = try await tape.replay(["--scenario", scenario, "--seed", "3"])
        #expect(third.digest == one.runs[2]["digest"]?.stringValue)
    }

    @Test("verify runs twice and finds no difference")
    func verify() async throws {
        let tape = try await DialogueTape.tape
        let scenario = try Scratch.file("storm.yaml", DialogueTape.storm)
        let result = try await Stormtape.run(
            ["verify", "--cassette", tape.cassette, "--scenario", scenario, "--seed", "2"]
                + ["--format", "json", "--"] + tape.command)
        let run = try Run(result)
        #expect([0, 3].contains(run.status))
        #expect(run.json["deterministic"]?.boolValue == true)
        #expect(run.json["divergence"] == nil)
    }

    /// An agent whose second run differs from the first for certain, since a file outlives both.
    private func remembering() throws -> [String] {
        let marker = try Scratch.folder() + "/ran-before"
        let script = """
            import os, urllib.request
            again = os.path.exists("\(marker)")
            open("\(marker)", "a").close()
            urllib.request.urlopen(os.environ["TOOL_URL"] + "/orders/A-1003").read()
            print("second" if again else "first")
            """
        return [try Checkout.python(), "-c", script]
    }

    @Test("verify shows the first difference of an agent that draws its own")
    func nondeterministic() async throws {
        let tape = try await ProbeTape.tool.tape
        let command = try remembering()
        let result = try await Stormtape.run(
            ["verify", "--cassette", tape.cassette, "--"] + command)
        #expect(result.status == 4, "\(result.err)")
        #expect(result.out.contains("first") && result.out.contains("second"), "\(result.out)")
    }

    @Test("A storm says where two runs of one plan part")
    func parting() async throws {
        let tape = try await ProbeTape.tool.tape
        let calm = try Scratch.file("calm.yaml", "scenario: calm")
        let storm = try await tape.storm(calm, seeds: "1", command: try remembering())
        #expect(storm.status == 4, "\(storm.err)")
        let reason = storm.runs.first?["reason"]?.stringValue ?? ""
        #expect(reason.hasPrefix("the same plan gave two different runs: event "), "\(reason)")
        #expect(
            reason.contains("prints 6 bytes") && reason.contains("prints 7 bytes"), "\(reason)")
    }

    private func underLoad<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        let folder = try Scratch.folder()
        let loops = try (1...2).map { number in
            try Running(
                [Checkout.python(), "-c", "while True: pass"], in: nil,
                out: "\(folder)/out\(number)", err: "\(folder)/err\(number)")
        }
        defer { for loop in loops { loop.kill() } }
        return try await body()
    }
}
