import Determinism
import Foundation
import Testing

/// The commit that made a plan fail is found, whatever else happened in the history.
@Suite("Bisection", .enabled(if: Checkout.has("git")))
struct BisectTests {
    private func bisect(
        _ options: [String], _ tape: Tape, _ plan: String, in folder: String,
        agent: [String]? = nil, format: String = "json"
    ) async throws -> CommandResult {
        try await Stormtape.run(
            ["bisect"] + options + ["--cassette", tape.cassette, "--plan", plan]
                + ["--format", format, "--"] + (agent ?? [try Checkout.python(), "agent.py"]),
            in: folder)
    }

    private func answers(_ run: Run) -> [String] {
        run.list("trials").compactMap { $0["kind"]?.stringValue ?? $0["answer"]?.stringValue }
    }

    @Test("Among 60 commits, 10 of which do not build and 5 of which add calls, it is found")
    func sixty() async throws {
        let broken: Set = [5, 12, 13, 20, 28, 29, 30, 34, 41, 52]
        let adding: Set = [9, 17, 25, 44, 55]
        let culprit = 37
        var agent = BisectAgent()
        var commits: [BisectRepository.Commit] = []
        for number in 1...60 {
            if adding.contains(number) { agent.others.append("/orders/A-1001?since=\(number)") }
            if number == culprit { agent.attempts = 1 }
            var source = agent.source + "# change \(number)\n"
            if broken.contains(number) { source += "def unfinished(:\n" }
            commits.append(.init("Change \(number)", source))
        }
        let repository = try await BisectRepository(commits)
        let before = try await repository.state()
        let (tape, plan) = try await agent.failure()
        let result = try await bisect(
            ["--good", "main~59", "--bad", "main"]
                + ["--build", "'\(try Checkout.python())' -m py_compile agent.py"],
            tape, plan, in: repository.folder)
        let run = try Run(result)
        #expect(run.status == 0, "\(result.err)")
        #expect(
            run.json["culprit"]?["subject"]?.stringValue == "Change \(culprit)", "\(result.err)")
        #expect(run.json["culprit"]?["author"]?.stringValue == "Ada <ada@example.org>")
        #expect(run.json["signature"]?["verdict"]?.stringValue == "violated")
        #expect(run.json["last_good"]?["subject"]?.stringValue == "Change \(culprit - 1)")
        #expect(run.json["difference"]?["equal"]?.boolValue == false)
        #expect(answers(run).contains("build failed"), "\(result.err)")
        #expect(!answers(run).contains("anchor drift"), "calls before it shift no anchor")
        #expect(run.list("trials").count <= 14, "\(result.err)")
        #expect(try await repository.state() == before)
    }

    @Test("In a history with a merge the culprit is found on its branch")
    func merge() async throws {
        let (good, bad) = (BisectAgent(), BisectAgent(attempts: 1))
        let repository = try await BisectRepository([
            .init("base", good.source),
            .init("left 1", good.source + "# left 1\n"),
            .init("left 2", good.source + "# left 2\n"),
            .init("right 1", good.source + "# right 1\n", parents: [0]),
            .init("right 2: once is enough", bad.source + "# right 2\n"),
            .init("right 3", bad.source + "# right 3\n"),
            .init("merge", bad.source + "# merge\n", parents: [2, 5]),
            .init("after", bad.source + "# after\n"),
        ])
        let (tape, plan) = try await bad.failure()
        let text = try await bisect(
            ["--good", "main~4", "--bad", "main"], tape, plan, in: repository.folder, format: "text"
        )
        #expect(text.status == 0, "\(text.err)")
        #expect(text.out.hasPrefix("The first bad commit is "))
        #expect(text.out.contains("right 2: once is enough"), "\(text.out)")
        #expect(text.out.contains("check: git -C "))
        #expect(text.out.contains("GET /orders/A-1003"), "the two runs stand side by side")
    }

    @Test("A commit whose requests changed is told apart from the culprit")
    func drift() async throws {
        let (good, bad) = (BisectAgent(), BisectAgent(attempts: 1))
        let other = BisectAgent(path: "/orders/A-1002")
        let repository = try await BisectRepository([
            .init("first", good.source), .init("another order", other.source),
            .init("once", bad.source), .init("last", bad.source + "# last\n"),
        ])
        let (tape, plan) = try await bad.failure()
        let run = try Run(
            await bisect(["--good", "main~3", "--bad", "main"], tape, plan, in: repository.folder))
        #expect(run.status == 1)
        #expect(run.json["found"]?.boolValue == false)
        let candidates = run.list("candidates").compactMap { $0["subject"]?.stringValue }
        #expect(candidates == ["another order", "once"])
        #expect(answers(run).contains("anchor drift"))
        let reasons = run.list("trials").compactMap { $0["reason"]?.stringValue }
        #expect(reasons.contains { $0.contains("the request changed here") }, "\(reasons)")
    }

    @Test("Without a failure at one end and a pass at the other there is nothing to search for")
    func ends() async throws {
        let (good, bad) = (BisectAgent(), BisectAgent(attempts: 1))
        let repository = try await BisectRepository([
            .init("good", good.source), .init("good too", good.source + "# 2\n"),
            .init("bad", bad.source), .init("bad too", bad.source + "# 4\n"),
        ])
        let before = try await repository.state()
        let (tape, plan) = try await bad.failure()
        let passes = try await bisect(
            ["--good", "main~3", "--bad", "main~2"], tape, plan, in: repository.folder)
        #expect(passes.status == 1)
        #expect(try Run(passes).text("reason").contains("does not fail at the bad version"))
        let fails = try await bisect(
            ["--good", "main~1", "--bad", "main"], tape, plan, in: repository.folder)
        #expect(fails.status == 1)
        #expect(try Run(fails).text("reason").contains("fails at the good version"))
        let turned = try await bisect(
            ["--good", "main", "--bad", "main~1"], tape, plan, in: repository.folder)
        #expect(turned.status == 2)
        #expect(turned.err.contains("exchange the two"), "\(turned.err)")
        let unknown = try await bisect(
            ["--good", "nowhere", "--bad", "main"], tape, plan, in: repository.folder)
        #expect(unknown.status == 2)
        #expect(unknown.err.contains("--good nowhere: there is no such commit"))
        #expect(try await repository.state() == before)
    }

    @Test("A build without end is ended, and its commit skipped with the reason")
    func endlessBuild() async throws {
        let (good, bad) = (BisectAgent(), BisectAgent(attempts: 1))
        let repository = try await BisectRepository([
            .init("Good", good.source),
            .init("Endless", good.source + "# endless\n"),
            .init("Bad", bad.source),
        ])
        let before = try await repository.state()
        let (tape, plan) = try await bad.failure()
        let build = "if grep -q endless agent.py; then echo at work; sleep 100000; fi"
        let result = try await bisect(
            ["--good", "main~2", "--bad", "main", "--build", build, "--build-timeout", "5"]
                + ["--memory-limit", "4096"],
            tape, plan, in: repository.folder)
        let run = try Run(result)
        #expect(run.status == 1, "\(result.err)")
        let skipped = run.list("trials").first { $0["kind"]?.stringValue == "build failed" }
        #expect(
            skipped?["reason"]?.stringValue
                == "it took more than 5 s (--build-timeout) and was ended, at work",
            "\(result.err)")
        #expect(run.text("check").contains(" --memory-limit 4096 --plan "))
        #expect(try await repository.state() == before)
    }

    @Test("An interruption leaves nothing behind")
    func interruption() async throws {
        let bad = BisectAgent(attempts: 1)
        let repository = try await BisectRepository([
            .init("good", BisectAgent().source), .init("bad", bad.source),
        ])
        let before = try await repository.state()
        let (tape, plan) = try await bad.failure()
        let temporary = try Scratch.folder()
        let result = try await Shell.run(
            ["/usr/bin/env", "TMPDIR=\(temporary)", Checkout.stormtape(), "bisect"]
                + ["--good", "main~1", "--bad", "main", "--build", "kill -INT $PPID; sleep 100"]
                + ["--cassette", tape.cassette, "--plan", plan]
                + ["--", Checkout.python(), "agent.py"], in: repository.folder)
        #expect(result.status == 130, "\(result.err)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
        #expect(try await repository.state() == before)
    }

    @Test("Values of a variable are searched in their order")
    func values() async throws {
        let agent = BisectAgent(attempts: 1)
        let (tape, plan) = try await agent.failure()
        let run = try Run(
            await bisect(
                ["--values", "ATTEMPTS=6,5,4,3,2,1,1"], tape, plan, in: Scratch.folder(),
                agent: tape.command))
        #expect(run.status == 0, "\(run.err)")
        #expect(run.json["culprit"]?["version"]?.stringValue == "ATTEMPTS=1")
        #expect(run.json["last_good"]?["version"]?.stringValue == "ATTEMPTS=2")
        #expect(run.text("check").hasPrefix("ATTEMPTS=1 stormtape replay "))
    }

    @Test("Recordings are searched in their order, and the answer that differs is shown")
    func cassettes() async throws {
        // The refund is made while recording only, so that the recordings differ in an answer.
        let source = """
            import json, os, sys, urllib.request
            base, amount = os.environ["TOOL_URL"], os.environ["AMOUNT"]
            if os.environ["STORMTAPE_MODE"] == "record":
                body = json.dumps({"order_id": "A-1003", "amount_cents": int(amount), "reason": "x"})
                headers = {"content-type": "application/json"}
                request = urllib.request.Request(base + "/refunds", body.encode(), headers)
                urllib.request.urlopen(request).read()
            with urllib.request.urlopen(base + "/refunds?order_id=A-1003") as answer:
                text = answer.read().decode()
            sys.exit(1 if '"amount_cents": 9' in text or '"amount_cents":9' in text else 0)
            """
        let file = try Scratch.file("agent.py", source)
        var tapes: [Tape] = []
        for amount in [100, 200, 300, 900, 950] {
            tapes.append(
                try await Tape.record(
                    ["/usr/bin/env", "AMOUNT=\(amount)", Checkout.python(), file],
                    server: "tool_servers.py", upstream: "shop",
                    options: ["--env", "TOOL_URL=shop"]))
        }
        let last = try #require(tapes.last)
        let failing = try await last.replay(
            scenario: "scenario: calm\ninvariants:\n  - exit_code: 0\n")
        #expect(failing.verdict == "violated", "\(failing.text("reason"))")
        let paths = tapes.map(\.cassette)
        let result = try await Stormtape.run(
            ["bisect", "--cassettes"] + paths + ["--plan", failing.plan, "--"] + last.command)
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.hasPrefix("The first bad cassette is \(paths[3])"), "\(result.out)")
        #expect(result.out.contains("GET /refunds"), "\(result.out)")
    }

    @Test("Files are meant from where they are given, also where the agent runs elsewhere")
    func elsewhere() async throws {
        let agent = BisectAgent(attempts: 1)
        let (tape, plan) = try await agent.failure()
        let folder = try Scratch.folder()
        let below = folder + "/below"
        let files = FileManager.default
        try files.createDirectory(atPath: below, withIntermediateDirectories: true)
        let command: JSONValue = ["command": .array(tape.command.map { .string($0) })]
        try Data("version: 1\nagent: \(command.encodedText())\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/stormtape.yaml"))
        for name in ["a", "b"] {
            try files.copyItem(atPath: tape.cassette, toPath: "\(below)/\(name).cassette")
        }
        let values = try Run(
            await Stormtape.run(
                ["bisect", "--values", "ATTEMPTS=6,1", "--cassette", "a.cassette", "--plan", plan]
                    + ["--format", "json"], in: below))
        #expect(values.status == 0, "\(values.err)")
        #expect(
            values.text("check").hasPrefix("cd .. && ATTEMPTS=1 stormtape replay "),
            "\(values.text("check"))")
        // Both are the same: what matters is that both are found.
        let cassettes = try await Stormtape.run(
            ["bisect", "--cassettes", "a.cassette", "b.cassette", "--plan", plan], in: below)
        #expect(cassettes.status == 1, "\(cassettes.err)")
        #expect(cassettes.out.contains("\(below)/a.cassette"), "\(cassettes.out)\(cassettes.err)")
    }

    @Test("A failure that shows in every second run is looked for often enough")
    func flaky() async throws {
        let counter = try Scratch.folder() + "/counter"
        let ending = """
            if os.environ["MODE"] == "new":
                with open("\(counter)", "a+") as file:
                    file.write("x")
                    file.seek(0)
                    sys.exit(len(file.read()) % 2)
            """
        let agent = BisectAgent(attempts: 3, ending: ending)
        let file = try Scratch.file("agent.py", agent.source)
        let tape = try await Tape.record(
            ["/usr/bin/env", "MODE=old", Checkout.python(), file], server: "tool_servers.py",
            upstream: "shop", options: ["--env", "TOOL_URL=shop"])
        let calm = try await tape.replay(
            scenario: FaultCase.scenario("server-error") + "invariants:\n  - exit_code: 0\n")
        #expect(calm.verdict == "passed", "\(calm.text("reason"))")
        let run = try Run(
            await bisect(
                ["--values", "MODE=old,older,new,new"], tape, calm.plan, in: Scratch.folder(),
                agent: [try Checkout.python(), file]))
        #expect(run.status == 0, "\(run.err)")
        #expect(run.json["culprit"]?["version"]?.stringValue == "MODE=new")
        #expect(run.json["repeats"]?.intValue == 8, "5 of 10 failed: \(run.err)")
        let runs = run.list("trials").map { $0["runs"]?.intValue }
        #expect(runs.prefix(2) == [10, 8])
    }

    @Test("What contradicts itself on the command line is refused")
    func usage() async throws {
        let tape = try await ProbeTape.tool.tape
        let calm = try await tape.replay()
        for (options, text) in [
            ([], "give what to bisect over"), (["--good", "a"], "--good needs --bad"),
            (["--values", "A=1,2", "--good", "a"], "give what to bisect over, once"),
            (["--values", "A"], "the form is NAME=V1,V2"),
            (["--values", "A=1"], "two or more values"),
            (["--values", "A=1,2", "--build", "make"], "--build and --keep-ignored"),
            (["--values", "A=1,2", "--repeats", "0"], "--repeats 0"),
            (["--values", "A=1,2", "--build-timeout", "5"], "belongs to --build"),
            (
                ["--good", "a", "--bad", "b", "--build", "make", "--build-timeout", "0"],
                "--build-timeout 0.0: more than 0"
            ),
        ] as [([String], String)] {
            let result = try await bisect(
                options, tape, calm.plan, in: Scratch.folder(), agent: tape.command)
            #expect(result.status == 2)
            #expect(result.err.contains(text), "\(options): \(result.err)")
        }
    }
}
