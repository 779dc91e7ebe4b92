import Determinism
import Testing

/// What several storms of a configuration amount to, and what a command leaves behind.
@Suite("Storms of a configuration")
struct ConfigurationStormTests {
    /// A folder with a configuration of a recorded agent, and one below it.
    private func project(
        _ tape: Tape, cassettes: [String]? = nil, _ more: String
    ) async throws -> (folder: String, below: String) {
        let head: JSONValue = [
            "agent": ["command": .array(tape.command.map { .string($0) })],
            "cassettes": .array((cassettes ?? [tape.cassette]).map { .string($0) }),
        ]
        let members = (head.objectValue ?? []).map { "\($0.key): \($0.value.encodedText())\n" }
        let file = try Scratch.file("stormtape.yaml", "version: 1\n" + members.joined() + more)
        let folder = String(file.dropLast("/stormtape.yaml".count))
        #expect(try await Shell.run(["/bin/mkdir", folder + "/below"]).status == 0)
        return (folder, folder + "/below")
    }

    private func storm(_ folder: String, _ more: [String] = []) async throws -> CommandResult {
        try await Stormtape.run(["storm", "--no-history", "--format", "json"] + more, in: folder)
    }

    @Test("an invariant is as grave as the gravest of those that are the same")
    func severity() async throws {
        let project = try await project(
            ProbeTape.tool.tape,
            """
            seeds: 1..2
            scenarios: [{ name: calm, faults: [], invariants: [{ exit_code: 7 }] }]
            invariants: [{ exit_code: 7, severity: critical }]
            gates: { min_pass: 0% }
            """)
        let storm = try await storm(project.folder)
        #expect(storm.status == 1, "\(storm.err)")
        #expect(storm.err.contains("critical `exit_code"), "\(storm.err)")
    }

    @Test("a scenario in which nothing was judged is not kept beside one that was")
    func unjudgedColumn() async throws {
        let tape = try await PromptMutationTests.record()
        let other = try await Tape.record(
            tape.command, upstream: "openai", path: "/v1", options: ["--prompt", "And B-7?"])
        let project = try await project(
            tape, cassettes: [tape.cassette, other.cassette],
            """
            seeds: 1..2
            prompts: ["Where is order A-1001?"]
            scenarios: [{ name: calm, faults: [] }]
            gates: { max_off_tape: 100 }
            """)
        let storm = try await storm(project.folder)
        #expect(storm.status == 5, "\(storm.err)")
        let contract = try JSONValue.parse(Array(storm.out.utf8))["contract"]
        #expect(contract?["kept"]?.boolValue == false)
        let wanted = try await self.storm(project.folder, ["--min-runs", "1"])
        #expect(wanted.status == 1, "\(wanted.err)")
    }

    @Test("a mutation that does not apply to a prompt is left out, and the others run")
    func inapplicable() async throws {
        let tape = try await PromptMutationTests.record()
        let project = try await project(
            tape,
            """
            seeds: 1..2
            mutations: [numeric-units, case-upper]
            scenarios: [{ name: calm, faults: [] }]
            gates: { max_off_tape: 100 }
            """)
        let storm = try await storm(project.folder)
        #expect(storm.status == 0, "\(storm.err)")
        #expect(storm.err.contains("left out: "), "\(storm.err)")
        let storms = try JSONValue.parse(Array(storm.out.utf8))["storms"]?.arrayValue
        #expect(storms?.count == 2)
    }

    @Test("a cassette that cannot be opened is told before anything runs")
    func missingCassette() async throws {
        let tape = try await ProbeTape.tool.tape
        let project = try await project(
            tape, cassettes: [tape.cassette, "no-such.cassette"],
            "seeds: 1..2\nscenarios: [{ name: calm, faults: [] }]\n")
        let storm = try await Stormtape.run(["storm"], in: project.folder)
        #expect(storm.status == 2)
        #expect(storm.err.contains("no-such.cassette"), "\(storm.err)")
        // A storm that ran has written the ledger.
        let made = try await Shell.run(["/bin/ls", "-A", project.folder])
        #expect(!made.out.contains(".stormtape"), "\(made.out)")
    }

    @Test("reports of scenarios with like names do not replace each other")
    func reportNames() async throws {
        let project = try await project(
            ProbeTape.tool.tape,
            """
            seeds: 1
            scenarios: [{ name: slow shop, faults: [] }, { name: slow-shop, faults: [] }]
            report: [{ format: json, path: out/storm.json }]
            """)
        #expect(try await storm(project.folder).status == 0)
        for (file, scenario) in [("slow-shop", "slow shop"), ("slow-shop-2", "slow-shop")] {
            let report = try Scratch.bytes("\(project.folder)/out/storm-\(file).json")
            #expect(report.contains("\"scenario\":\"\(scenario)\""), "\(file)")
        }
    }

    @Test("the line that reproduces a run is right where the command was given")
    func reproducible() async throws {
        let project = try await project(ProbeTape.tool.tape, "")
        let run = try Run(
            try await Stormtape.run(["replay", "--format", "json"], in: project.below))
        let line = run.text("reproduce")
        #expect(line.hasPrefix("cd .. && stormtape replay "), "\(line)")
        let program = try Checkout.stormtape()
        let shell = "stormtape() { '\(program)' \"$@\"; }\n\(line)\n"
        let again = try await Shell.run(["/bin/sh", "-c", shell], in: project.below)
        #expect(again.status == 0, "\(again.err)")
        let here = try Run(
            try await Stormtape.run(["replay", "--format", "json"], in: project.folder))
        #expect(here.text("reproduce").hasPrefix("stormtape replay "))
    }

    @Test("compare takes no gates, and says so of agents that do not repeat")
    func comparison() async throws {
        let tape = try await ProbeTape.tool.tape
        let command = tape.command.map { "'\($0)'" }.joined(separator: " ")
        let counter = try Scratch.file("counter", "")
        let drifting = "sh -c 'echo >> \(counter); wc -c < \(counter)'"
        let scenario = try Scratch.file("calm.yaml", "scenario: calm\nfaults: []\n")
        let options = [
            "--no-config", "--cassette", tape.cassette, "--scenario", scenario, "--seeds", "1",
        ]
        let gated = try await Stormtape.run(
            ["compare", command, command, "--min-pass", "0%"] + options)
        #expect(gated.status == 2)
        #expect(gated.err.contains("--min-pass"), "\(gated.err)")
        let same = try await Stormtape.run(["compare", command, command] + options)
        #expect(same.status == 0, "\(same.err)")
        let other = try await Stormtape.run(["compare", command, drifting] + options)
        #expect(other.status == 4, "\(other.err)\(other.out)")
    }

    @Test("compare says what makes several storms of one")
    func comparisonOfSeveral() async throws {
        let tape = try await PromptMutationTests.record()
        let project = try await project(
            tape,
            "mutations: [case-upper]\nscenarios: [{ name: calm, faults: [] }]\n")
        let result = try await Stormtape.run(["compare", "a", "b"], in: project.folder)
        #expect(result.status == 2)
        #expect(result.err.contains("--mutate"), "\(result.err)")
        #expect(!result.err.contains("--scenario"), "\(result.err)")
    }
}
