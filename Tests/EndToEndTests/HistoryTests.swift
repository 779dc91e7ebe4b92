import Determinism
import Foundation
import Testing

/// What storms remember of each other.
@Suite("The run ledger and failure files")
struct HistoryTests {
    private let folder: String
    private let scenario: String

    init() throws {
        folder = try Scratch.folder()
        scenario = folder + "/five.yaml"
        try write("scenario: five\ninvariants:\n  - exit_code: 0\n", "five.yaml")
        try agent(exits: 5)
    }

    private func write(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func agent(exits status: Int) throws {
        try write("exit \(status)\n", "agent.sh")
    }

    private func commit(_ digit: String) throws {
        try write(String(repeating: digit, count: 40) + "\n", ".git/HEAD")
    }

    private func storm(_ options: [String] = []) async throws -> CommandResult {
        try await Stormtape.run(
            ["storm", "--cassette", try await ProbeTape.tool.tape.cassette]
                + ["--scenario", scenario, "--seeds", "1..2", "--format", "json"] + options
                + ["--", "/bin/sh", folder + "/agent.sh"], in: folder)
    }

    private func outcomes(_ result: CommandResult) throws -> [String] {
        try Run(result).list("saved_failures").compactMap { $0["outcome"]?.stringValue }
    }

    @Test("A failure is replayed first by the next storm, in a section of its own")
    func replays() async throws {
        let first = try await storm()
        let second = try await storm()
        let without = try await storm(["--no-history"])
        #expect(first.status == 1)
        #expect(first.err.contains("history: 1 new kind of failure"), "\(first.err)")
        #expect(try outcomes(first) == [])
        #expect(second.status == 1)
        #expect(try outcomes(second) == ["still fails", "still fails"])
        #expect(try Run(second).digest == Run(first).digest)
        #expect(try Run(second).list("runs") == Run(first).list("runs"))
        #expect(without.out == first.out)
    }

    @Test("Two passes on another commit mend a failure, and the trend shows it")
    func mends() async throws {
        try commit("a")
        #expect(try await storm().status == 1)
        try commit("b")
        try agent(exits: 0)
        let once = try await storm()
        let twice = try await storm()
        let after = try await storm()
        #expect(once.status == 0, "\(once.out)")
        #expect(try outcomes(once) == ["passes", "passes"])
        #expect(!once.err.contains("mended"))
        #expect(twice.err.contains("history: mended: violated"), "\(twice.err)")
        #expect(try outcomes(after) == [])
        let trend = try await Stormtape.run(["trend", "--format", "json"], in: folder)
        #expect(trend.status == 0, "\(trend.err)")
        let commits = try JSONValue.parse(Array(trend.out.utf8))["commits"]?.arrayValue ?? []
        #expect(commits.map { $0["pass_millionths"]?.intValue } == [0, 1_000_000])
        #expect(commits.last?["mends"]?.arrayValue?.isEmpty == false)
    }

    @Test("A failure that a file holds too is replayed once, and mended in the ledger all the same")
    func filesAndLedger() async throws {
        let options = ["--failures", folder + "/failures", "--seeds", "1"]
        try commit("a")
        #expect(try await storm(options).status == 1)
        try commit("b")
        try agent(exits: 0)
        #expect(try outcomes(await storm(options)) == ["passes"])
        let twice = try await storm(options)
        #expect(try outcomes(twice) == ["passes"])
        #expect(twice.err.contains("history: mended: violated"), "\(twice.err)")
    }

    @Test("Of several storms of a command the first replays what is saved, and it mends nothing")
    func several() async throws {
        let cassette = try await ProbeTape.tool.tape.cassette
        try write(
            """
            version: 1
            agent:
              command: ["/bin/sh", "\(folder)/agent.sh"]
            cassettes: ["\(cassette)"]
            seeds: 1..2
            scenarios:
              - { name: calm, faults: [] }
              - { name: still, faults: [] }
            invariants: [{ exit_code: 0 }]
            """, "stormtape.yaml")
        func storms() async throws -> (replayed: [Int], err: String) {
            let result = try await Stormtape.run(["storm", "--format", "json"], in: folder)
            let storms = try JSONValue.parse(Array(result.out.utf8))["storms"]?.arrayValue ?? []
            let counts = storms.map { $0["saved_failures"]?.arrayValue?.count ?? 0 }
            return (counts, result.err)
        }
        try commit("a")
        #expect(try await storms().replayed == [0, 0])
        try commit("b")
        try agent(exits: 0)
        let once = try await storms()
        #expect(once.replayed == [2, 0])
        #expect(!once.err.contains("mended"), "\(once.err)")
        #expect(try await storms().err.contains("history: mended"))
    }

    @Test("A name of a failure file commands no terminal")
    func escaped() async throws {
        try write("nonsense", "failures/a\u{1B}[2J.failure")
        let result = try await storm(["--no-history", "--failures", folder + "/failures"])
        #expect(result.err.contains("it was left out"), "\(result.err)")
        #expect(!result.err.unicodeScalars.contains("\u{1B}"))
    }

    @Test("The configuration names the folder of failure files, counted from its own place")
    func configuredFailures() async throws {
        try write("version: 1\nfailures: known\n", "stormtape.yaml")
        #expect(try outcomes(try await storm(["--no-history"])).isEmpty)
        let written = try FileManager.default.contentsOfDirectory(atPath: folder + "/known")
        #expect(written.count == 1 && written[0].hasSuffix(".failure"), "\(written)")
        #expect(try outcomes(try await storm(["--no-history"])).count == 1)
        #expect(try outcomes(try await storm(["--no-history", "--no-config"])).isEmpty)
    }

    @Test("A storm goes on without failure files that cannot be read, and says so")
    func fileAsFolder() async throws {
        try write("", "taken")
        let result = try await storm(["--no-history", "--failures", folder + "/taken"])
        #expect(result.status == 1)
        #expect(result.err.contains("the failure files could not be read"), "\(result.err)")
    }

    @Test("A storm goes on without a ledger that cannot be written, and says so")
    func unwritable() async throws {
        let without = try await storm(["--no-history"])
        try write("", "taken")
        let result = try await storm(["--history", folder + "/taken/below"])
        #expect(result.status == without.status)
        #expect(result.out == without.out)
        #expect(result.err.contains("warning: "), "\(result.err)")
        #expect(result.err.contains("--no-history"))
    }

    @Test("A damaged ledger is said to be, and left")
    func damaged() async throws {
        try write(String(repeating: "nonsense ", count: 1_000), ".stormtape/history.sqlite")
        let result = try await storm()
        #expect(result.status == 1)
        #expect(result.err.contains("the run ledger is damaged"), "\(result.err)")
        let left = FileManager.default.contents(atPath: folder + "/.stormtape/history.sqlite")
        #expect(left?.starts(with: Data("nonsense".utf8)) == true)
    }

    @Test("Failure files are written once, and replayed without a ledger")
    func files() async throws {
        let options = ["--no-history", "--failures", folder + "/failures"]
        let first = try await storm(options)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/failures")
        #expect(names.count == 1)
        #expect(first.err.contains("history: wrote"), "\(first.err)")
        let second = try await storm(options)
        #expect(try outcomes(second) == ["still fails"])
        let origins = try Run(second).list("saved_failures").map { $0["origin"]?.stringValue }
        #expect(origins == names)
        #expect(!second.err.contains("history: wrote"))
        try agent(exits: 0)
        let mended = try await storm(options)
        #expect(mended.status == 0)
        #expect(try outcomes(mended) == ["passes"])
    }

    @Test("An exploration goes on without a saved failure that cannot be run, and says so")
    func unrunnable() async throws {
        let tape = try await PromptMutationTests.record()
        // A prompt that a word of a command has room for once, and not twice.
        let prompt = String(repeating: "x", count: 100_000)
        try write(
            """
            version: 1
            agent:
              command: ["/bin/sh", "agent.sh"]
            cassettes: ["\(tape.cassette)"]
            scenarios: [{ name: calm, faults: [] }]
            invariants: [{ exit_code: 0 }]
            prompts: ["\(prompt)"]
            """, "long/stormtape.yaml")
        try write("exit 5\n", "long/agent.sh")
        let options = ["--no-history", "--failures", folder + "/failures", "--cassette"]
        let saved = try await Stormtape.run(
            ["storm", "--seeds", "1"] + options + [tape.cassette], in: folder + "/long")
        #expect(saved.err.contains("history: wrote"), "\(saved.err)")
        let explored = try await Stormtape.run(
            ["storm", "--explore", "singles", "--kinds", "server-error"] + options
                + [tape.cassette, "--", "/bin/sh", folder + "/agent.sh", "{prompt}{prompt}"],
            in: folder)
        #expect(explored.err.contains("was left out: cannot start"), "\(explored.err)")
        #expect(explored.out.contains("\nsingles "), "\(explored.out)")
    }

    @Test("Saved failures decide nothing where some runs may fail")
    func tolerance() async throws {
        #expect(try await storm().status == 1)
        #expect(try await storm(["--min-pass", "0%"]).status == 0)
    }

    @Test("Without a ledger there is no trend, and the message says what to do")
    func noTrend() async throws {
        let result = try await Stormtape.run(["trend"], in: folder)
        #expect(result.status == 2)
        #expect(result.err.contains("stormtape storm"), "\(result.err)")
    }
}
