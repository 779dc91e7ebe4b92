import Determinism
import Testing

#if os(Linux)
    /// An agent on a real SDK that keeps its conversation in a file, killed and started again.
    @Suite("An agent that is killed in a run")
    struct RestartTests {
        private static let bug = PlantedBug("repeated_step", "no_repeated_side_effect")
        private static let tape = Task { try await bug.record() }

        private static func scenario(_ variant: String, _ aim: String = #"tool: "POST /refunds""#)
            -> String
        {
            """
            scenario: crash
            faults:
              - fault: checkpoint-restore
                on: { \(aim) }
                variant: \(variant)
                down_ms: 60000
            invariants:
              - no_repeated_side_effect: true
            off_tape: fail
            """
        }

        private static func marks(_ run: Run) -> [String] {
            let log = run.json["trace"]?["log"]?.arrayValue ?? []
            return log.compactMap { $0["event"]?.stringValue }
                .filter { ["killed", "started", "ended"].contains($0) }
        }

        @Test(
            "One that saves each step goes on, twice in the same way",
            arguments: ["unanswered", "in-answer", "answered"])
        func resumes(_ variant: String) async throws {
            let tape = try await Self.tape.value
            let command = tape.command + [PlantedBug.mendedFlag]
            let runs = [
                try await tape.replay(scenario: Self.scenario(variant), command: command),
                try await tape.replay(scenario: Self.scenario(variant), command: command),
            ]
            for run in runs {
                #expect(run.verdict == "passed", "\(run.text("reason")) \(run.err)")
                #expect(run.fired == ["checkpoint-restore"])
                #expect(run.text("grade") == "A", "\(run.list("grade_reasons"))")
                #expect(Self.marks(run) == ["killed", "started", "ended"])
                #expect((run.json["virtual_ns"]?.intValue ?? 0) >= 60_000_000_000)
                #expect(run.output.hasPrefix("Order A-1001 was refunded"))
            }
            #expect(runs[0].digest == runs[1].digest, "\(runs[1].difference(from: runs[0]))")
            let posts = runs[0].exchanges.filter { $0["target"]?.stringValue == "/refunds" }
            #expect(posts.count == (variant == "answered" ? 1 : 2))
        }

        @Test("One that saves too late repeats the effect, and its closed plan does so again")
        func repeats() async throws {
            let tape = try await Self.tape.value
            let run = try await tape.replay(scenario: Self.scenario("answered"))
            #expect(run.verdict == "violated", "\(run.text("reason")) \(run.err)")
            #expect(run.text("reason").hasPrefix("no_repeated_side_effect"))
            let sources = run.exchanges.compactMap { $0["source"]?.stringValue }
            #expect(sources.contains("re-ask"), "\(sources)")
            let again = try await tape.replay(["--plan", run.plan])
            #expect(again.digest == run.digest, "\(again.difference(from: run))")
            #expect(again.verdict == "violated")
        }

        @Test("One that keeps nothing begins anew and is given the same answers")
        func beginsAnew() async throws {
            let tape = try await ProbeTape.tool.tape
            let run = try await tape.replay(
                scenario: Self.scenario("answered", "call: 1"))
            #expect(run.fired == ["checkpoint-restore"], "\(run.err)")
            #expect(run.status != 4, "\(run.text("reason"))")
            #expect(Self.marks(run) == ["killed", "started", "ended"])
        }

        @Test("A storm of workers gives the digests of one, and shrinking keeps the crash")
        func storm() async throws {
            let tape = try await Self.tape.value
            let file = try Scratch.file("crash.yaml", Self.scenario("answered"))
            var storms: [Run] = []
            for workers in ["1", "3"] {
                storms.append(
                    try await tape.storm(file, seeds: "1..6", options: ["--workers", workers]))
            }
            #expect(storms[0].digest == storms[1].digest)
            #expect(storms[0].runs.count == 6)
            #expect(storms[0].runs.allSatisfy { $0["verdict"]?.stringValue == "violated" })
            let noise = try Scratch.file(
                "noise.yaml",
                Self.scenario("answered").replacing(
                    "invariants:",
                    with: "  - fault: ttfb-spike\n    on: { kind: model }\ninvariants:"))
            let shrunk = try await Stormtape.run(
                ["shrink", "--cassette", tape.cassette, "--scenario", noise, "--seed", "1"]
                    + ["--format", "json", "--"] + tape.command)
            let report = try JSONValue.parse(Array(shrunk.out.utf8))
            let faults = report["plan"]?["faults"]?.arrayValue ?? []
            #expect(
                faults.compactMap { $0["fault"]?.stringValue } == ["checkpoint-restore"],
                "\(shrunk.out) \(shrunk.err)")
        }

        @Test("What it draws in its second life is new, and the same in each run")
        func entropy() async throws {
            let script = try Scratch.file(
                "draws.py",
                """
                import json, os, urllib.request, uuid
                folder = os.environ["TMPDIR"]
                with open(folder + "/draws", "a") as file:
                    file.write(str(uuid.uuid4()) + "\\n")
                body = json.dumps({"model": "m", "messages": []}).encode()
                urllib.request.urlopen(urllib.request.Request(
                    os.environ["OPENAI_BASE_URL"] + "/chat/completions", data=body,
                    headers={"content-type": "application/json"})).read()
                print(open(folder + "/draws").read())
                """)
            let tape = try await Tape.record(
                [try Checkout.python(), script], upstream: "openai", path: "/v1")
            var outputs: [String] = []
            for _ in 1...2 {
                let run = try await tape.replay(scenario: Self.scenario("unanswered", "call: 1"))
                #expect(run.verdict == "passed", "\(run.text("reason")) \(run.err)")
                outputs.append(run.output)
            }
            let draws = Set(outputs[0].split(separator: "\n"))
            #expect(draws.count == 2, "\(outputs[0])")
            #expect(outputs[0] == outputs[1])
        }

        @Test("On a real clock nobody is killed, and the report says why")
        func realClock() async throws {
            let tape = try await Self.tape.value
            let run = try await tape.replay(
                scenario: Self.scenario("unanswered"), options: ["--clock", "real"])
            #expect(run.fired.isEmpty)
            #expect(run.list("inapplicable").count == 1)
            #expect(
                run.list("inapplicable").first?["reason"]?.stringValue?.contains("real") == true)
        }
    }
#endif
