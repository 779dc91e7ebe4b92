import Determinism
import Foundation
import Testing

/// Invariants that a model judges, from an open question to a verdict.
@Suite("Judges")
struct JudgeTests {
    let folder: String

    init() throws {
        folder = try Scratch.folder()
        try Data(Self.scenario.utf8).write(to: URL(fileURLWithPath: folder + "/storm.yaml"))
    }

    /// Some of its runs name the order and some do not, and no two questions are alike.
    private static let scenario = """
        scenario: judged
        faults:
          - fault: server-error
            on: { call: 1, probability: 1/2 }
          - fault: server-error
            on: { call: 3, probability: 1/2 }
        invariants:
          - exit_code: 0
          - judged_by_model:
              criterion: It tells of an "HTTPError".
              model: small
          - similar_in_meaning: { to: The refund, min_percent: 1, model: vectors }
        """

    private var judges: String { folder + "/judges.cassette" }
    private var open: String { judges + ".open.json" }

    private func storm(_ more: [String] = ["--workers", "2"]) async throws -> CommandResult {
        let tape = try await ProbeTape.tool.tape
        return try await Stormtape.run(
            ["storm", "--no-history", "--cassette", tape.cassette, "--scenario", "storm.yaml"]
                + ["--seeds", "1..8", "--format", "json", "--judges", "judges.cassette"] + more
                + ["--"] + tape.command, in: folder)
    }

    private func judge(_ address: String, _ more: [String] = []) async throws -> CommandResult {
        try await Stormtape.run(judgeWords(address) + more, in: folder)
    }

    private func judgeWords(_ address: String) -> [String] {
        ["judge", "--judges", "judges.cassette", "--url", address]
    }

    /// Does something while a `judge` has three answers and waits for more; it is killed then.
    private func whileOneAsks(_ body: (String) async throws -> Void) async throws {
        try await LocalServer.with(
            "judge_server.py", options: ["--answers", "3", "--then", "hang"]
        ) { address in
            let command = try Running(
                [Checkout.stormtape()] + judgeWords(address + "/v1"), in: folder,
                out: folder + "/out", err: folder + "/err")
            defer { command.kill() }
            while try await kept(judges + ".judging") < 3 { try #require(!command.hasEnded) }
            try await body(address)
            command.kill()
            _ = await command.finish(timeout: 20)
        }
    }

    private func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func questions() throws -> [JSONValue] {
        let file = try JSONValue.parse(Array(try Data(contentsOf: URL(fileURLWithPath: open))))
        return file["questions"]?.arrayValue ?? []
    }

    private static func digests(_ run: Run) -> [String?] {
        run.runs.map { $0["digest"]?.stringValue }
    }

    private static func judged(_ run: Run) -> [JSONValue] {
        run.runs.flatMap { run in
            (run["invariants"]?.arrayValue ?? []).filter {
                $0["id"]?.stringValue?.hasPrefix("judged_by_model") == true
            }
        }
    }

    @Test("a storm leaves its questions open, `judge` asks them, and the next storm is judged")
    func judged() async throws {
        let first = try await storm()
        let open = try Scratch.bytes(open)
        #expect(first.status == 0, "\(first.err)")
        #expect(first.err.contains("questions to judges are open"), "\(first.err)")
        #expect(!has(judges))
        let run = try Run(first)
        #expect(run.json["judges"] == nil)
        let unjudged = Self.judged(run)
        #expect(unjudged.count == 8)
        for result in unjudged {
            #expect(
                result["message"]
                    == "not judged: no recorded answer of small; `stormtape judge` asks it")
        }
        let again = try await storm(["--workers", "1"])
        #expect(again.out == first.out)
        #expect(try Scratch.bytes(self.open) == open)

        let count = try questions().count
        #expect(count >= 5)
        let asked = try await LocalServer.with("judge_server.py") { try await judge($0 + "/v1") }
        #expect(asked.status == 0, "\(asked.err)")
        #expect(asked.out.hasPrefix("\(count) answered into judges.cassette ("), "\(asked.out)")
        #expect(!has(self.open))
        try await expectJudged(run)
    }

    /// With the answers, two storms are judged alike, and their runs are those of before.
    private func expectJudged(_ before: Run) async throws {
        let result = try await storm()
        let run = try Run(result)
        #expect(result.status == 1, "\(result.err)")
        #expect(try await storm(["--workers", "1"]).out == result.out)
        #expect(Self.digests(run) == Self.digests(before))
        let shown = try await Stormtape.run(["cassette", "inspect", judges])
        #expect(shown.out.contains(run.text("judges")), "\(shown.out)\(shown.err)")
        let messages = Set(Self.judged(run).compactMap { $0["message"]?.stringValue })
        #expect(
            messages == [
                "small: The output names HTTPError.", "small: The output does not name HTTPError.",
            ])
        let failed = try #require(run.runs.first { $0["verdict"]?.stringValue == "violated" })
        let line = failed["reproduce"]?.stringValue ?? ""
        #expect(line.components(separatedBy: " --judges judges.cassette ").count == 2, "\(line)")
        let plan = try #require(failed["plan"]?.stringValue)
        let tape = try await ProbeTape.tool.tape
        let replay = try await tape.replay(
            ["--judges", "judges.cassette", "--plan", plan], in: folder)
        #expect(replay.verdict == "violated")
        #expect(replay.text("judges") == run.text("judges"))
    }

    @Test("what was answered before a judge fails is kept, and the rest is asked later")
    func kept() async throws {
        _ = try await storm()
        let count = try questions().count
        let cut = try await LocalServer.with(
            "judge_server.py", options: ["--answers", "2", "--then", "500"]
        ) { try await judge($0 + "/v1") }
        #expect(cut.status == 6, "\(cut.err)")
        #expect(cut.err.contains("answered 500"), "\(cut.err)")
        #expect(cut.out.hasPrefix("2 answered"), "\(cut.out)")
        #expect(try questions().count == count - 2)
        let rest = try await LocalServer.with("judge_server.py") { try await judge($0 + "/v1") }
        #expect(rest.status == 0, "\(rest.err)")
        #expect(rest.out.hasPrefix("\(count - 2) answered"), "\(rest.out)")
        let before = try Data(contentsOf: URL(fileURLWithPath: judges))
        let nothing = try await judge("http://127.0.0.1:1/v1")
        #expect(nothing.status == 0, "\(nothing.err)")
        #expect(nothing.out.hasPrefix("0 answered"), "\(nothing.out)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: judges)) == before)
    }

    @Test("a judge command that is killed half-way has lost no answer")
    func killed() async throws {
        _ = try await storm()
        let count = try questions().count
        try await whileOneAsks { _ in }
        #expect(!has(judges))
        let rest = try await LocalServer.with("judge_server.py") { try await judge($0 + "/v1") }
        #expect(rest.status == 0, "\(rest.err)")
        #expect(rest.out.hasPrefix("\(count - 3) answered"), "\(rest.out)")
        #expect(!has(judges + ".judging") && !has(open))
        #expect(try await storm().status == 1)
    }

    @Test("a second judge command is refused while one asks, and no answer is lost")
    func overlapping() async throws {
        _ = try await storm()
        let count = try questions().count
        try await whileOneAsks { address in
            let second = try await Shell.runAtOnce(
                [Checkout.stormtape()] + judgeWords(address + "/v1"), in: folder)
            #expect(second.status == 2, "\(second.err)")
            #expect(second.err.contains("another `stormtape judge` is asking"), "\(second.err)")
            #expect(try await kept(judges + ".judging") == 3)
        }
        let rest = try await LocalServer.with("judge_server.py") { try await judge($0 + "/v1") }
        #expect(rest.status == 0, "\(rest.err)")
        #expect(rest.out.hasPrefix("\(count - 3) answered"), "\(rest.out)")
        #expect(!has(judges + ".judging.lock"))
    }

    @Test(
        "a question that is denied, fails or gets no words does not keep others from their answers",
        arguments: [(403, 2), (451, 2), (500, 6), (200, 1)])
    func oneOfMany(status: Int, alone: Int32) async throws {
        _ = try await storm()
        let count = try questions().count
        for (answered, exit) in [(count - 1, Int32(1)), (0, alone)] {
            let result = try await LocalServer.with(
                "judge_server.py", options: ["--first", String(status)]
            ) { try await judge($0 + "/v1") }
            // Once it is the only one, nothing says that it is about this question.
            #expect(result.status == exit, "\(result.err)")
            #expect(result.out.hasPrefix("\(answered) answered"), "\(result.out)")
            #expect(result.err.contains("not this one"), "\(result.err)")
            #expect(try questions().count == 1)
        }
    }

    @Test("a row of questions that are denied does not keep those behind it from their answers")
    func rowOfMany() async throws {
        _ = try await storm()
        let count = try questions().count
        #expect(count > 3)
        let some = try await LocalServer.with(
            "judge_server.py", options: ["--first", "403", "--first-count", "3"]
        ) { try await judge($0 + "/v1") }
        #expect(some.status == 1, "\(some.err)")
        #expect(some.out.hasPrefix("\(count - 3) answered"), "\(some.out)")
        #expect(try questions().count == 3)
        let none = try await LocalServer.with(
            "judge_server.py", options: ["--first", "403", "--first-count", "99"]
        ) { try await judge($0 + "/v1") }
        #expect(none.status == 2, "\(none.err)")
    }

    @Test("of what judging writes nothing is a part of the agent, wherever it is written")
    func agentIdentity() async throws {
        let tape = try await ProbeTape.tool.tape
        let certificate = folder + "/c.json"
        try Data("{}".utf8).write(to: URL(fileURLWithPath: certificate))
        let git = "git -c user.name=Ada -c user.email=ada@example.org"
        let made = try await Shell.run(
            ["/bin/sh", "-c", "git init -q . && git add c.json && \(git) commit -q -m one"],
            in: folder)
        #expect(made.status == 0, "\(made.err)")
        let elsewhere = try Scratch.folder() + "/judges.cassette"
        var agents: [String] = []
        for _ in 0..<2 {
            let result = try await Stormtape.run(
                ["storm", "--no-history", "--explore", "singles", "--cassette", tape.cassette]
                    + ["--scenario", "storm.yaml", "--judges", elsewhere, "--format", "json"]
                    + ["--certificate", "c.json", "--"] + tape.command, in: folder)
            #expect(result.status == 0, "\(result.err)")
            agents.append(try Run(result).json["identity"]?["agent"]?.stringValue ?? "")
        }
        #expect(agents[0] == agents[1] && agents[0].count == 64)
    }

    /// How many answers an unfinished cassette holds.
    private func kept(_ path: String) async throws -> Int {
        let result = try await Shell.runAtOnce(
            [Checkout.stormtape(), "cassette", "inspect", path], in: folder)
        return result.out.split(separator: "\n").count { $0.contains("POST /") }
    }

    @Test("a judge that cannot be reached, or wants a key, is told with its exit code")
    func refused() async throws {
        _ = try await storm()
        let before = try Scratch.bytes(open)
        let down = try await judge("http://127.0.0.1:1/v1")
        #expect(down.status == 6, "\(down.err)")
        #expect(down.err.contains("unreachable"), "\(down.err)")
        #expect(!has(judges) && !has(judges + ".judging"))
        try await LocalServer.with("judge_server.py", options: ["--key", "secret-of-judges"]) {
            let denied = try await judge($0 + "/v1")
            #expect(denied.status == 2, "\(denied.err)")
            #expect(denied.err.contains("--key-variable"), "\(denied.err)")
            let unset = try await judge($0 + "/v1", ["--key-variable", "NO_SUCH_KEY_HERE"])
            #expect(unset.status == 2, "\(unset.err)")
            let wrong = try await judge($0)
            #expect(wrong.status == 2, "\(wrong.err)")
        }
        #expect(try Scratch.bytes(open) == before)
    }

    @Test("the key of a judge reaches it, and is not in the cassette")
    func key() async throws {
        _ = try await storm()
        let key = "secret-of-judges-4711"
        let result = try await LocalServer.with("judge_server.py", options: ["--key", key]) {
            try await Shell.run(
                ["/usr/bin/env", "JUDGE_KEY=\(key)", Checkout.stormtape(), "judge"]
                    + ["--judges", "judges.cassette", "--url", $0 + "/v1"]
                    + ["--key-variable", "JUDGE_KEY"], in: folder)
        }
        #expect(result.status == 0, "\(result.err)")
        let text = try await Stormtape.run(["cassette", "export", judges])
        #expect(text.status == 0 && !text.out.isEmpty, "\(text.err)")
        #expect(!text.out.contains(key))
    }

    @Test("an exploration leaves its questions open too, and its certificate names the judges")
    func explored() async throws {
        let tape = try await ProbeTape.tool.tape
        let options =
            ["storm", "--no-history", "--explore", "singles", "--cassette", tape.cassette]
            + ["--scenario", "storm.yaml", "--judges", "judges.cassette", "--format", "json"]
        let first = try await Stormtape.run(options + ["--"] + tape.command, in: folder)
        #expect(first.status == 0, "\(first.err)")
        #expect(try Run(first).json["identity"]?["judges"] == nil)
        let headline = try Run(first).text("headline")
        #expect(headline.contains(" verdicts wait for a judge"), "\(headline)")
        #expect(try !questions().isEmpty)
        let asked = try await LocalServer.with("judge_server.py") { try await judge($0 + "/v1") }
        #expect(asked.status == 0, "\(asked.err)")
        let second = try await Stormtape.run(
            options + ["--certificate", "c.json", "--"] + tape.command, in: folder)
        // The run without a fault does not tell of an error.
        #expect(second.status == 1, "\(second.err)")
        let judged = try Run(second).text("headline")
        #expect(!judged.contains("for a judge"), "\(judged)")
        let judges = try Run(second).json["identity"]?["judges"]?.stringValue
        #expect(judges?.count == 64)
        let verify = ["certificate", "verify", "c.json", "--cassette", tape.cassette]
        let others = try await Stormtape.run(verify + ["--"] + tape.command, in: folder)
        #expect(others.status == 2, "\(others.err)")
        #expect(others.err.contains("give that one with --judges"), "\(others.err)")
        let same = try await Stormtape.run(
            verify + ["--judges", "judges.cassette", "--"] + tape.command, in: folder)
        #expect(same.status == 0, "\(same.out)\(same.err)")
    }

    @Test("`--model` and `--limit` choose what is asked; what is left open ends with 1")
    func chosen() async throws {
        _ = try await storm()
        let count = try questions().count
        try await LocalServer.with("judge_server.py") { address in
            let some = try await judge(address + "/v1", ["--model", "vectors", "--limit", "1"])
            #expect(some.status == 1, "\(some.err)")
            #expect(some.out.hasPrefix("1 answered"), "\(some.out)")
            #expect(some.out.contains(", \(count - 1) open"), "\(some.out)")
        }
    }

    @Test("the configuration names the cassette of judges, from wherever a command is given")
    func configured() async throws {
        let tape = try await ProbeTape.tool.tape
        let command = JSONValue.array(tape.command.map { .string($0) }).encodedText()
        let text = """
            version: 1
            agent: { command: \(command) }
            cassettes: [\(tape.cassette)]
            judges: judges.cassette
            scenarios: [storm.yaml]
            seeds: 1..2
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/stormtape.yaml"))
        let below = folder + "/below"
        try FileManager.default.createDirectory(
            atPath: below, withIntermediateDirectories: true)
        let result = try await Stormtape.run(["storm", "--no-history"], in: below)
        #expect(result.status == 0, "\(result.err)")
        #expect(try !questions().isEmpty)
        let asked = try await LocalServer.with("judge_server.py") {
            try await Stormtape.run(["judge", "--url", $0 + "/v1"], in: below)
        }
        #expect(asked.status == 0, "\(asked.err)")
        #expect(has(judges))
    }
}
