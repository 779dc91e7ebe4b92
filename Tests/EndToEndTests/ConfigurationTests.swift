import Determinism
import Testing

/// Commands that take their arguments from stormtape.yaml.
@Suite("The configuration of a project")
struct ConfigurationTests {
    private static func quoted(_ text: String) -> String { JSONValue.string(text).encodedText() }

    /// A folder with a configuration for a recorded agent, and the folder below it.
    private func project(_ more: String) async throws -> (folder: String, below: String) {
        let tape = try await ProbeTape.tool.tape
        let command = tape.command.map(Self.quoted).joined(separator: ", ")
        let file = try Scratch.file(
            "stormtape.yaml",
            "version: 1\nagent:\n  command: [\(command)]\n"
                + "cassettes: [\(Self.quoted(tape.cassette))]\n" + more)
        let folder = String(file.dropLast("/stormtape.yaml".count))
        let made = try await Shell.run(["/bin/mkdir", folder + "/below"])
        #expect(made.status == 0)
        return (folder, folder + "/below")
    }

    @Test("replay and storm need no arguments, in the folder or below it")
    func noArguments() async throws {
        let project = try await project(
            """
            seeds: 1..2
            scenarios:
              - { name: calm, faults: [] }
              - { name: one, faults: [], seeds: 3 }
            report: [{ format: json, path: out/storm.json }]
            """)
        let replay = try await Stormtape.run(["replay"], in: project.below)
        #expect(replay.status == 0, "\(replay.err)")
        #expect(replay.err.contains("the agent runs in"))
        let storm = try await Stormtape.run(
            ["storm", "--no-history", "--format", "json"], in: project.folder)
        #expect(storm.status == 0, "\(storm.err)")
        let json = try JSONValue.parse(Array(storm.out.utf8))
        let storms = json["storms"]?.arrayValue ?? []
        #expect(storms.map { $0["runs"]?.arrayValue?.count } == [2, 1])
        #expect(json["contract"]?["kept"]?.boolValue == true)
        #expect(try Scratch.bytes(project.folder + "/out/storm-calm.json").contains("digest"))
    }

    @Test("what must hold in all scenarios decides, and a flag goes before the file")
    func precedence() async throws {
        let project = try await project(
            """
            seeds: 1..9
            scenarios: [{ name: calm, faults: [] }]
            invariants: [{ exit_code: 7, severity: critical }]
            gates: { min_pass: 0% }
            """)
        let storm = try await Stormtape.run(
            ["storm", "--no-history", "--seeds", "5", "--format", "json"], in: project.folder)
        #expect(storm.status == 1, "\(storm.out)")
        #expect(storm.err.contains("critical"), "\(storm.err)")
        #expect(
            try JSONValue.parse(Array(storm.out.utf8))["runs"]?.arrayValue?.count == 1)
        let printed = try await Stormtape.run(
            ["config", "print", "--resolved", "--seeds", "5"], in: project.folder)
        #expect(printed.out.contains("# --seeds\n"), "\(printed.out)")
        #expect(printed.out.contains("# stormtape.yaml:"))
        #expect(printed.out.contains("# default\n"))
    }

    @Test("a mistake in the file is shown with its place, and --no-config passes it over")
    func mistakes() async throws {
        let project = try await project("gats: {}\n")
        let wrong = try await Stormtape.run(["replay"], in: project.folder)
        #expect(wrong.status == 2)
        #expect(wrong.err.contains("stormtape.yaml:5:1"), "\(wrong.err)")
        #expect(wrong.err.contains("did you mean 'gates'?"))
        let without = try await Stormtape.run(["replay", "--no-config"], in: project.folder)
        #expect(without.status == 2)
        #expect(without.err.contains("no cassette"), "\(without.err)")
    }

    @Test("init writes what a storm then runs without arguments")
    func initialise() async throws {
        let tape = try await ProbeTape.tool.tape
        let folder = try Scratch.folder()
        let made = try await Stormtape.run(
            ["init", "--cassette", tape.cassette, "--ci", "github", "--"] + tape.command,
            in: folder)
        #expect(made.status == 0, "\(made.err)")
        #expect(made.out == "stormtape storm\n")
        let storm = try await Stormtape.run(
            [
                "storm", "--no-history", "--seeds", "1..2", "--min-pass", "0%", "--max-off-tape",
                "2",
            ], in: folder)
        #expect(storm.status == 0, "\(storm.err)\(storm.out)")
        #expect(try Scratch.bytes(folder + "/.github/workflows/stormtape.yml").contains("cache"))
        let again = try await Stormtape.run(["init"], in: folder)
        #expect(again.status == 2)
        #expect(again.err.contains("--force"), "\(again.err)")
    }
}
