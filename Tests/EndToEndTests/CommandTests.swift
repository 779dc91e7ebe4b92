import Determinism
import Testing

/// Exit codes and messages that scripts and people depend on.
@Suite("Commands, exit codes and messages")
struct CommandTests {
    private func replay(
        _ options: [String], command: [String]? = nil, cassette: String? = nil
    ) async throws -> CommandResult {
        let tape = try await ProbeTape.tool.tape
        return try await Stormtape.run(
            ["replay", "--cassette", cassette ?? tape.cassette] + options
                + ["--"] + (command ?? tape.command))
    }

    @Test("0 is a pass, 1 a violation")
    func passedAndViolated() async throws {
        #expect(try await replay([]).status == 0)
        let scenario = try Scratch.file(
            "strict.yaml",
            "scenario: strict\ninvariants:\n  - max_calls: { upstream: shop, count: 1 }\n")
        let violated = try await replay(["--scenario", scenario, "--seed", "1"])
        #expect(violated.status == 1)
        #expect(violated.out.contains("violated"), "\(violated.out)")
        #expect(violated.out.contains("stormtape replay --cassette"))
    }

    @Test("A plain non-zero exit is a violation when no invariant says otherwise")
    func impliedExitCode() async throws {
        let run = try await replay([], command: ["/bin/sh", "-c", "exit 5"])
        #expect(run.status == 1)
        let scenario = try Scratch.file(
            "five.yaml", "scenario: five\ninvariants:\n  - exit_code: 5\n")
        let told = try await replay(
            ["--scenario", scenario, "--seed", "1"], command: ["/bin/sh", "-c", "exit 5"])
        #expect(told.status == 0, "\(told.out)")
    }

    @Test("A signal is a crash")
    func crash() async throws {
        let result = try await replay(
            ["--format", "json"], command: ["/bin/sh", "-c", "kill -SEGV $$"])
        let run = try Run(result)
        #expect(run.verdict == "crashed")
        #expect(run.status == 1)
    }

    @Test("A scenario's mistake is shown with line, column, caret and a suggestion")
    func badScenario() async throws {
        let text = """
            scenario: typo
            faults:
              - fault: rate-limit-429
                on: { upstream: shop, probabilty: 1/3 }
            """
        let file = try Scratch.file("typo.yaml", text + "\n")
        let result = try await replay(["--scenario", file, "--seed", "1"])
        #expect(result.status == 2)
        #expect(result.out.isEmpty)
        #expect(result.err.contains("typo.yaml:4:27"), "\(result.err)")
        #expect(result.err.contains("unknown key 'probabilty'"))
        #expect(result.err.contains("^"))
        #expect(result.err.contains("did you mean 'probability'"))
    }

    @Test("Mistakes on the command line are usage errors that say what to do")
    func usage() async throws {
        let unknown = try await replay(["--sede", "1"])
        #expect(unknown.status == 2)
        #expect(unknown.err.contains("--seed"), "\(unknown.err)")

        let missing = try await replay([], cassette: try Scratch.folder() + "/none.cassette")
        #expect(missing.status == 2)
        #expect(missing.err.contains("none.cassette"), "\(missing.err)")

        let seedless = try await replay(["--seed", "1"])
        #expect(seedless.status == 2)
        #expect(seedless.err.contains("--scenario"), "\(seedless.err)")

        let command = try await Stormtape.run(["storn"])
        #expect(command.status == 2)
        #expect(command.err.contains("storm"), "\(command.err)")

        let plan = try await replay(["--plan", "stp1.bm9uc2Vuc2U.00000000"])
        #expect(plan.status == 2)
        #expect(plan.err.contains("plan"), "\(plan.err)")
    }

    @Test("A foreign SQLite file, a text and a truncated cassette are refused and left alone")
    func foreignFiles() async throws {
        let folder = try Scratch.folder()
        let made = try await Shell.run([
            Checkout.python(), "-c",
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE t (x)')",
            "\(folder)/foreign.db",
        ])
        #expect(made.status == 0)
        let text = try Scratch.file("notes.cassette", "not a cassette\n")
        let truncated = try await Scratch.truncated(ProbeTape.tool.tape.cassette, bytes: 5_000)
        for path in ["\(folder)/foreign.db", text, truncated] {
            let before = try Scratch.bytes(path)
            let result = try await replay([], cassette: path)
            #expect(result.status == 2, "\(path): \(result.err)")
            #expect(result.err.contains(path), "\(result.err)")
            #expect(try Scratch.bytes(path) == before)
        }
    }

    @Test("6 is an agent that cannot start")
    func noAgent() async throws {
        let result = try await replay([], command: ["no-such-agent-e2e"])
        #expect(result.status == 6)
        #expect(result.err.contains("no-such-agent-e2e"), "\(result.err)")
    }

    @Test("init writes a scenario that a storm runs, once")
    func initialise() async throws {
        let tape = try await ProbeTape.tool.tape
        let file = try Scratch.folder() + "/storm.yaml"
        let arguments = ["init", "--output", file, "--cassette", tape.cassette]
        let made = try await Stormtape.run(arguments)
        #expect(made.status == 0, "\(made.err)")
        #expect(try Scratch.bytes(file).contains("# "))
        let storm = try await tape.storm(
            file, seeds: "1..3", options: ["--min-pass", "0%", "--max-off-tape", "3"])
        #expect(storm.status == 0, "\(storm.err)")
        #expect(storm.runs.count == 3)
        let again = try await Stormtape.run(arguments)
        #expect(again.status == 2)
        #expect(again.err.contains("exists"), "\(again.err)")
    }

    @Test("doctor says what this machine allows and exits with 0")
    func doctor() async throws {
        let text = try await Stormtape.run(["doctor"])
        #expect(text.status == 0)
        #expect(text.out.contains("network isolation"))
        let json = try await Stormtape.run(["doctor", "--format", "json"])
        #expect(json.status == 0)
        let checks = try JSONValue.parse(Array(json.out.utf8))["checks"]?.arrayValue
        #expect((checks ?? []).count >= 5)
    }

    @Test("record keeps the cassette and prints the status of an agent that fails")
    func recordOfFailure() async throws {
        let cassette = try Scratch.folder() + "/failed.cassette"
        let arguments = [
            "record", "--cassette", cassette, "--upstream", "shop=http://127.0.0.1:9", "--",
            "/bin/sh", "-c", "echo seen; exit 7",
        ]
        let first = try await Stormtape.run(arguments)
        #expect(first.status == 0, "\(first.err)")
        #expect(first.out == "seen\n")
        #expect(first.err.contains("the agent exited with 7"), "\(first.err)")
        #expect(first.err.contains("nothing came through the mounts"))

        let bytes = try Scratch.bytes(cassette)
        let second = try await Stormtape.run(arguments)
        #expect(second.status == 2)
        #expect(second.err.contains("--overwrite"), "\(second.err)")
        #expect(try Scratch.bytes(cassette) == bytes)

        let third = try await Stormtape.run(["record", "--overwrite"] + arguments.dropFirst())
        #expect(third.status == 0, "\(third.err)")
    }

    @Test("The agent's output goes to the trace, and to standard error when it is asked for")
    func showOutput() async throws {
        let command = ["/bin/sh", "-c", "echo to-out; echo to-err >&2"]
        let quiet = try await replay(["--format", "json"], command: command)
        #expect(!quiet.err.contains("to-out") && !quiet.err.contains("to-err"))
        #expect(try Run(quiet).output == "to-out\n")
        #expect(try Run(quiet).json["trace"]?["stderr"]?.stringValue == "to-err\n")
        let shown = try await replay(["--format", "json", "--show-output"], command: command)
        #expect(shown.err.contains("to-out\n") && shown.err.contains("to-err\n"))
        #expect(try Run(shown).digest == Run(quiet).digest)
    }
}
