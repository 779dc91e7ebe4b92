import Determinism
import Foundation
import Testing

@Suite("Exploring, shrinking and explaining with a real agent")
struct SearchTests {
    private let place: SearchPlace
    private var folder: String { place.folder }

    init() throws { place = try SearchPlace() }

    private func write(_ text: String, _ name: String) throws { try place.write(text, name) }

    private func read(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
    }

    private func run(_ verb: [String], _ options: [String] = []) async throws -> CommandResult {
        try await place.run(verb, options)
    }

    private func explore(_ mode: String, _ options: [String] = []) async throws -> CommandResult {
        try await run(
            ["storm", "--explore", mode, "--no-history", "--kinds", "server-error,ttfb-spike"],
            options)
    }

    // MARK: Exploring

    @Test("Pairs are covered or proved unreachable, the certificate says so, and a sample agrees")
    func certificate() async throws {
        let result = try await explore("pairs", ["--certificate", "pairs.json"])
        #expect(result.status == 1, "\(result.err)")
        // 3 calls x 2 kinds; a late answer ends the agent, so that no later call is reached.
        let row = try #require(result.out.split(separator: "\n").first { $0.hasPrefix("pairs ") })
        #expect(
            row.split(separator: " ")
                == ["pairs", "12", "6", "6", "0", "6", "0", "0", "0", "3"], "\(result.out)")
        #expect(result.out.contains("crashed at shop POST /refunds: TimeoutError"))
        let shown = try await Stormtape.run(["certificate", "pairs.json"], in: folder)
        #expect(shown.status == 1)
        #expect(shown.out.hasPrefix("all single faults and all pairs of 2 kinds at every call"))
        let grade = try #require(
            JSONValue.parse(Array(read("pairs.json")))["grade"]?.stringValue)
        #expect(["A", "B", "C"].contains(grade))
        for text in [result.out, shown.out] {
            #expect(text.contains("\ngrade \(grade), the worst of the runs\n"), "\(text)")
        }
        let checked = try await run(["certificate", "verify", "pairs.json"], ["--sample", "4"])
        #expect(checked.status == 0, "\(checked.out)\(checked.err)")
        #expect(checked.out.contains("runs are as the certificate says"))
    }

    @Test("A certificate that was edited is refused, with the place")
    func forged() async throws {
        _ = try await explore("singles", ["--certificate", "a.json"])
        let text = String(decoding: try read("a.json"), as: UTF8.self)
        try write(text.replacing("TimeoutError", with: "NoError"), "b.json")
        let result = try await Stormtape.run(["certificate", "b.json"], in: folder)
        #expect(result.status == 2)
        #expect(result.err.contains("b.json: certificate at $"), "\(result.err)")
    }

    @Test("An agent that changed is told apart from its certificate")
    func changed() async throws {
        _ = try await explore("singles", ["--certificate", "a.json"])
        try write(searchAgentSource.replacing("timeout=30", with: "timeout=90"), "agent.py")
        let result = try await run(["certificate", "verify", "a.json"])
        #expect(result.status == 4, "\(result.out)")
        #expect(result.err.contains("another state of the agent"))
        #expect(result.out.contains("singles 1: the certificate says crashed"), "\(result.out)")
    }

    @Test("Shards, merged, are the exploration without shards, byte for byte")
    func shards() async throws {
        _ = try await explore("pairs", ["--certificate", "whole.json", "--workers", "1"])
        for shard in 1...2 {
            let options = ["--shard", "\(shard)/2", "--certificate", "part-\(shard).json"]
            #expect(try await explore("pairs", options).status == 1)
        }
        let merged = try await Stormtape.run(
            ["merge", "part-2.json", "part-1.json", "--certificate", "merged.json"], in: folder)
        #expect(merged.status == 1, "\(merged.err)")
        #expect(try read("merged.json") == read("whole.json"))
        let half = try await Stormtape.run(["merge", "part-2.json"], in: folder)
        #expect(half.status == 2, "\(half.out)")
    }

    @Test("A search that was killed goes on where it was, and ends with the same bytes")
    func resumes() async throws {
        _ = try await explore("pairs", ["--certificate", "whole.json"])
        let options = ["--certificate", "resumed.json", "--workers", "1"]
        let cut = try await explore("pairs", options + ["--max-runs", "3"])
        #expect(cut.out.hasPrefix("incomplete"), "\(cut.out)")
        try killAfterFirstRuns(
            try await place.words(
                ["storm", "--explore", "pairs", "--no-history", "--kinds"]
                    + ["server-error,ttfb-spike"], options))
        let resumed = try await explore("pairs", options)
        #expect(resumed.status == 1)
        #expect(resumed.err.contains("resuming: "), "\(resumed.err)")
        #expect(try read("resumed.json") == read("whole.json"))
        let again = try await explore("pairs", options)
        #expect(!again.err.contains("resuming"), "what is complete is done anew: \(again.err)")
    }

    /// Starts the program and kills it with SIGKILL as soon as a second rung is under way.
    private func killAfterFirstRuns(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Checkout.stormtape())
        process.arguments = words
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let talk = Pipe()
        process.standardError = talk
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var seen = Data()
        while !String(decoding: seen, as: UTF8.self).contains("follow-ups:") {
            let more = talk.fileHandleForReading.availableData
            guard !more.isEmpty else { throw SetUpError("it ended before it could be killed") }
            seen += more
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    @Test(
        "Options that do not fit are refused with what is allowed",
        arguments: [
            (["--explore", "singles", "--shard", "3/2"], "--shard 3/2: the form is I/N"),
            (["--shard", "1/2"], "belongs to an exploration"),
            (["--explore", "singles", "--kinds", "sever-error"], "no fault 'sever-error'"),
            (["--explore", "singles", "--draws", "0"], "from 1 to 1000"),
            (["--explore", "singles", "--format", "html"], "text or json"),
            (["--explore", "pairs", "--max-runs", "0"], "1 or more"),
            (["--explore", "pairs", "--max-time", "9223372036854775807"], "to 1000000000 seconds"),
            (["--explore", "pairs", "--kinds", ","], "names no fault"),
            (["--explore", "singles", "--certificate", "agent.py/a.json"], "cannot write the"),
            (["--explore", "singles", "--certificate", "."], "cannot write the"),
        ])
    func refuses(_ options: [String], _ message: String) async throws {
        let scenario = options.contains("--kinds") ? [] : ["--scenario", "three.yaml"]
        let result = try await run(["storm", "--no-history"], scenario + options)
        #expect(result.status == 2)
        #expect(result.err.contains(message), "\(result.err)")
    }

    @Test("What was seen is kept until the certificate is written")
    func keepsJournal() async throws {
        let lost = try await explore("singles", ["--certificate", "/proc/none/a.json"])
        #expect(lost.status == 2)
        #expect(lost.err.contains("cannot write the certificate"), "\(lost.err)")
        let again = try await explore("singles")
        #expect(again.err.contains("resuming: "), "\(again.err)")
    }

    @Test("Shards that share a folder can run at the same time")
    func together() async throws {
        async let first = explore("singles", ["--shard", "1/2", "--certificate", "1.json"])
        async let second = explore("singles", ["--shard", "2/2", "--certificate", "2.json"])
        let (one, two) = (try await first, try await second)
        #expect(one.status == 1, "\(one.err)")
        #expect(two.status == 1, "\(two.err)")
        let merged = try await Stormtape.run(["merge", "1.json", "2.json"], in: folder)
        #expect(merged.status == 1, "\(merged.err)")
    }

    @Test("Where no journal can be kept, the search says so and is made without one")
    func journalless() async throws {
        try write("a file", ".stormtape")
        let result = try await explore("singles")
        #expect(result.status == 1, "\(result.err)")
        #expect(result.err.contains("warning: cannot make the folder .stormtape/search"))
        #expect(result.out.hasPrefix("all single faults of 2 kinds"), "\(result.out)")
    }

    @Test(
        "An agent that was edited after a search was cut off is searched anew",
        .enabled(if: Checkout.has("git")))
    func edited() async throws {
        try write("import calls\n", "agent.py")
        try write(searchAgentSource, "calls.py")
        try await shell(
            "git init -q . && git add agent.py calls.py && git -c user.name=Ada "
                + "-c user.email=ada@example.org commit -q -m calls")
        let cut = ["--max-runs", "2", "--certificate", "c.json"]
        _ = try await explore("singles", cut)
        #expect(try await explore("singles", cut).err.contains("resuming: 2 runs"))
        try write(searchAgentSource.replacing("timeout=30", with: "timeout=90"), "calls.py")
        let edited = try await explore("singles", cut)
        #expect(!edited.err.contains("resuming"), "\(edited.err)")
        let verified = try await run(["certificate", "verify", "c.json"])
        #expect(!verified.err.contains("another state"), "\(verified.err)")
        try write(searchAgentSource, "calls.py")
        let old = try await run(["certificate", "verify", "c.json"])
        #expect(old.err.contains("another state of the agent"), "\(old.err)")
    }

    private func shell(_ script: String) async throws {
        let result = try await Shell.run(["/bin/sh", "-c", script], in: folder)
        guard result.status == 0 else { throw SetUpError("\(script): \(result.err)") }
    }

    @Test("A mutated prompt is explored as mutated")
    func mutated() async throws {
        let tape = try await PromptMutationTests.record()
        try write("scenario: one\nfaults:\n  - fault: server-error\n", "one.yaml")
        let result = try await Stormtape.run(
            ["storm", "--no-history", "--explore", "singles", "--cassette", tape.cassette]
                + ["--scenario", "one.yaml", "--mutate", "case-upper", "--format", "json", "--"]
                + tape.command, in: folder)
        let certificate = try JSONValue.parse(Array(result.out.utf8))
        #expect(
            certificate.encodedText().contains("WHERE IS ORDER"), "\(result.err)")
    }

    @Test("A project's score, which an exploration has not, opens no gate; files lie where asked")
    func project() async throws {
        let tape = try await ProbeTape.tool.tape
        let command: JSONValue = ["command": [.string(try Checkout.python()), "agent.py"]]
        try write(
            """
            version: 1
            agent: \(command.encodedText())
            cassettes: [\(JSONValue.string(tape.cassette).encodedText())]
            gates: { min_score: 0.1 }
            """, "stormtape.yaml")
        let below = folder + "/below"
        try await shell("mkdir below")
        let explored = try await Stormtape.run(
            ["storm", "--no-history", "--explore", "singles", "--kinds", "ttfb-spike"]
                + ["--certificate", "singles.json"], in: below)
        #expect(explored.status == 0, "the score decides: \(explored.err)")
        let shown = try await Stormtape.run(["certificate", "singles.json"], in: below)
        #expect(shown.status == 1, "\(shown.err)")
        let shrunk = try await Stormtape.run(
            ["shrink", "--scenario", "../three.yaml", "--seed", "1", "--emit-test", "pytest"]
                + ["--test-output", "test_storm.py", "--wall-limit", "50"], in: below)
        #expect(shrunk.status == 1, "\(shrunk.err)")
        let test = String(decoding: try read("below/test_storm.py"), as: UTF8.self)
        #expect(test.contains("Path(__file__).resolve().parents[1]"), "\(test)")
        #expect(test.contains("    \"--wall-limit\",\n    \"50\","), "\(test)")
    }

    // MARK: Shrinking

    @Test("A cassette that exists is not replaced, and that is said before the runs")
    func keepsCassettes() async throws {
        try write("mine", "cut.cassette")
        let result = try await run(
            ["shrink"],
            ["--scenario", "three.yaml", "--seed", "1", "--cut-cassette", "cut.cassette"])
        #expect(result.status == 2)
        #expect(result.err.contains("cut.cassette exists"), "\(result.err)")
        #expect(!result.err.contains("runs,"), "\(result.err)")
        #expect(try read("cut.cassette") == Data("mine".utf8))
    }

    @Test("What was found is shown, though a file beside it cannot be written")
    func showsFirst() async throws {
        let result = try await run(
            ["shrink"],
            ["--scenario", "three.yaml", "--seed", "1", "--cut-cassette", "agent.py/cut.cassette"])
        #expect(result.status != 0 && result.status != 1, "\(result.err)")
        #expect(result.out.contains("2 faults became 1, minimal"), "\(result.out)")
    }

    @Test("A failure is shrunk to its threshold, explained, and turned into a test that fails")
    func shrinks() async throws {
        let chosen = ["--scenario", "three.yaml", "--seed", "1"]
        let shrunk = try await run(
            ["shrink"],
            chosen + ["--emit-test", "pytest", "--test-output", "tests/test_storm.py"]
                + ["--cut-cassette", "cut.cassette"])
        #expect(shrunk.status == 1, "\(shrunk.err)")
        #expect(shrunk.out.contains("2 faults became 1, minimal"), "\(shrunk.out)")
        let delay = try await threshold()
        #expect(
            shrunk.out.contains("ttfb-spike at call 2 of shop (delay_ms=\(delay))"),
            "\(shrunk.out)")
        #expect(shrunk.err.contains("cut.cassette: 2 of 3 interactions"), "\(shrunk.err)")
        let failing = try await emittedTest()
        #expect(failing.status != 0)
        #expect(failing.err.contains("AssertionError"), "\(failing.err)")
        try write(searchAgentSource.replacing("timeout=30", with: "timeout=90"), "agent.py")
        let mended = try await emittedTest()
        #expect(mended.status == 0, "\(mended.out)\(mended.err)")
    }

    /// Runs the test without the runner of tests, which is not installed everywhere.
    private func emittedTest() async throws -> CommandResult {
        let program = """
            import os, runpy
            os.environ["STORMTAPE"] = "\(try Checkout.stormtape())"
            tests = runpy.run_path("tests/test_storm.py")
            [test() for name, test in tests.items() if name.startswith("test_")]
            """
        return try await Shell.run([try Checkout.python(), "-c", program], in: folder)
    }

    @Test("The threshold is recognised as the agent's own time-out")
    func explains() async throws {
        let result = try await run(["explain"], ["--scenario", "three.yaml", "--seed", "1"])
        #expect(result.status == 1, "\(result.err)")
        #expect(
            result.out.contains("when the wait exceeds 30 s (30,000 ms), the agent's own time-out"),
            "\(result.out)")
        let below = try await threshold() - 1
        let nearest = result.out.components(separatedBy: "delay_ms of fault 1 at 29.").last ?? ""
        #expect(
            nearest.prefix { $0 != ")" }.hasSuffix("(29,\(String(below).suffix(3)) ms"),
            "\(result.out)")
    }

    /// The delay from which the failure shows: the agent's time-out of 30 s, less what the body of
    /// the recorded answer comes after its head by itself, in whole milliseconds.
    private func threshold() async throws -> Int {
        let tape = try await ProbeTape.tool.tape
        let exported = try await Stormtape.run(["cassette", "export", tape.cassette])
        let calls = try exported.out.split(separator: "\n").map { line in
            try JSONValue.parse(text: String(line))
        }.filter { $0["upstream"]?.stringValue == "shop" }
        let response = calls[1]["response"]
        let head = try #require(response?["head_ns"]?.intValue)
        let body = try #require(response?["chunks"]?.arrayValue?.first?.arrayValue?.first?.intValue)
        return 30_000 - Int((body - head) / 1_000_000)
    }

    @Test("A plan that passes is not shrunk")
    func passes() async throws {
        let result = try await run(["shrink"], ["--plan", try await calmPlan()])
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.contains("nothing to shrink: it does not fail"))
    }

    private func calmPlan() async throws -> String {
        let run = try Run(try await run(["replay", "--format", "json"]))
        return run.plan
    }
}
