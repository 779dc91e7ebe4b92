import Determinism
import Foundation
import Testing

#if os(Linux)
    /// An agent that is an HTTP server, written with Python's standard library and the openai SDK.
    @Suite("A server as agent")
    struct ServerAgentTests {
        /// A recorded server with the file of what it was asked.
        private struct Asked: Sendable {
            var tape: Tape
            var questions: String

            func replay(
                scenario: String? = nil, options: [String] = [], _ agent: [String] = []
            ) async throws -> Run {
                var options = ["--ask", questions] + options
                if let scenario {
                    let file = try Scratch.file("scenario.yaml", scenario)
                    options += ["--scenario", file, "--seed", "1"]
                }
                return try await tape.replay(
                    options, command: try Checkout.agent("server_agent.py", agent))
            }
        }

        private static let text = "He said \"hi\"\\,\n{{this}} and ünïcode."

        private static let recorded = Task {
            let questions = try Scratch.file(
                "ask.yaml",
                """
                port: \(try ServerPort.free())
                ready: /health
                requests:
                  - path: /chat
                    body: {question: "{{question}}"}
                  - path: /chat
                    headers: {accept: text/event-stream}
                    body: {question: emoji please, stream: true}
                values:
                  question: nothing
                """)
            let tape = try await Tape.record(
                Checkout.agent("server_agent.py", ["--startup", "0.2"]), upstream: "openai",
                path: "/v1", options: ["--ask", questions, "--value", "question=\(text)"])
            return Asked(tape: tape, questions: questions)
        }

        private static let value = ["--value", "question=\(text)"]

        private static func asked(_ run: Run) -> [JSONValue] {
            run.json["trace"]?["asked"]?.arrayValue ?? []
        }

        @Test("Recording asks it, and tells it to end")
        func records() async throws {
            let recorded = try await Self.recorded.value.tape.recorded
            #expect(recorded.err.contains("recorded 2 interactions"), "\(recorded.err)")
            #expect(recorded.err.contains("the agent exited with 0"))
            #expect(!recorded.err.contains("warning"))
        }

        @Test("Three replays are one run of grade A, with both answers in the report")
        func replays() async throws {
            let server = try await Self.recorded.value
            var runs: [Run] = []
            for _ in 1...3 {
                runs.append(try await server.replay(options: Self.value, ["--startup", "0.2"]))
            }
            for run in runs {
                #expect(run.verdict == "passed", "\(run.text("reason")) \(run.err)")
                #expect(run.text("grade") == "A", "\(run.list("grade_reasons"))")
                #expect(run.digest == runs[0].digest, "\(run.difference(from: runs[0]))")
            }
            #expect(runs[0].json["trace"]?["end"]?.stringValue == "dismissed, signal 15")
            let asked = Self.asked(runs[0])
            #expect(asked.compactMap { $0["status"]?.intValue } == [200, 200])
            let body = try JSONValue.parse(text: asked[0]["body"]?.stringValue ?? "")
            #expect(body["asked"]?.stringValue == Self.text)
            let stream = asked[1]["body"]?.stringValue ?? ""
            #expect(stream.hasPrefix("data: \"Grüß \"\n\n"), "\(stream)")
            #expect(stream.hasSuffix("data: \"done.\"\n\n"))
        }

        @Test("A rate limit of half a minute is waited for in virtual time")
        func rateLimit() async throws {
            let run = try await Self.recorded.value.replay(
                scenario: FaultCase.scenario("rate-limit-429", ["retry_after_ms: 30000"]),
                options: Self.value)
            #expect(run.fired == ["rate-limit-429"])
            #expect(run.verdict == "passed", "\(run.text("reason"))")
            #expect((run.json["virtual_ns"]?.intValue ?? 0) >= 30_000_000_000)
        }

        @Test("A closed plan does it again, with the questions that the reproduction names")
        func closedPlan() async throws {
            let server = try await Self.recorded.value
            let agent = ["--timeout", "20"]
            let run = try await server.replay(
                scenario: FaultCase.scenario("stalled-stream"), options: Self.value, agent)
            #expect(run.verdict == "violated")
            #expect(run.text("reason").contains("answered POST /chat with status 502"))
            #expect(run.text("reproduce").contains("--ask \(server.questions) --value "))
            let again = try await server.replay(
                options: Self.value + ["--plan", run.plan], agent)
            #expect(again.digest == run.digest)
        }

        @Test("A server that waits for its model for ever hangs, and the reason names the request")
        func stalledStream() async throws {
            let run = try await Self.recorded.value.replay(
                scenario: FaultCase.scenario("stalled-stream"), options: Self.value)
            #expect(run.verdict == "hung")
            #expect(
                run.text("reason").contains("no whole answer to POST /chat, request 1 of 2"))
            #expect(run.text("reason").contains("exchange 1, openai POST"))
        }

        @Test("A server that never listens hangs, and the reason names the port")
        func neverListens() async throws {
            let run = try await Self.recorded.value.replay(options: Self.value, ["--deaf"])
            #expect(run.verdict == "hung")
            #expect(run.text("reason").contains("nothing listens on 127.0.0.1:"))
            #expect(run.json["virtual_ns"]?.intValue == 0)
        }

        @Test("A server that crashes while it is asked has crashed, and the request is named")
        func crash() async throws {
            let run = try await Self.recorded.value.replay(options: Self.value, ["--crash"])
            #expect(run.verdict == "crashed")
            #expect(
                run.text("reason")
                    == "the agent was ended by signal 6; no whole answer to POST /chat, "
                    + "request 1 of 2")
            #expect(Self.asked(run).map { $0["ending"]?.stringValue } == ["cut", "unasked"])
        }

        @Test("A server may close what it has open when it is told to end")
        func closes() async throws {
            let run = try await Self.recorded.value.replay(
                options: Self.value, ["--on-term", "close"])
            #expect(run.verdict == "passed", "\(run.text("reason"))")
            #expect(run.output == "closed\n")
            #expect(run.json["trace"]?["end"]?.stringValue == "dismissed, exit 0")
        }

        @Test("A server that does not end when it is told to is killed, and nothing of it is left")
        func ignores() async throws {
            let marker = "marker-\(UUID().uuidString)"
            let run = try await Self.recorded.value.replay(
                options: Self.value, ["--on-term", "ignore", "--name", marker])
            #expect(run.text("reason") == "no end within 10 s of SIGTERM")
            #expect(run.verdict == "violated")
            let all = try await Shell.run(["/bin/ps", "-eo", "args"])
            #expect(!all.out.contains(marker))
        }

        @Test("On the real clock it is asked as well")
        func realClock() async throws {
            let run = try await Self.recorded.value.replay(
                options: Self.value + ["--clock", "real"], ["--startup", "0.2"])
            #expect(run.verdict == "passed", "\(run.text("reason"))")
            #expect(run.text("grade") == "C")
            #expect(Self.asked(run).compactMap { $0["status"]?.intValue } == [200, 200])
        }

        @Test("A storm asks in every run, and its report repeats")
        func storm() async throws {
            let server = try await Self.recorded.value
            let scenario = try Scratch.file(
                "storm.yaml",
                """
                scenario: s
                faults:
                  - fault: rate-limit-429
                    on: { probability: 1/2 }
                    times: 2
                """)
            var reports: [JSONValue] = []
            for workers in ["1", "2"] {
                reports.append(
                    try await server.tape.storm(
                        scenario, seeds: "1..6",
                        options: ["--ask", server.questions, "--workers", workers] + Self.value
                    ).json)
            }
            #expect(reports[0]["digest"] == reports[1]["digest"])
            let verdicts = reports[0]["runs"]?.arrayValue?.compactMap {
                $0["verdict"]?.stringValue
            }
            #expect(verdicts?.count == 6)
            #expect(verdicts?.contains("nondeterministic") == false)
            #expect(verdicts?.contains("passed") == true)
        }

        @Test("A port that is taken is named before there is a cassette")
        func takenPort() async throws {
            let cassette = try Scratch.folder() + "/new.cassette"
            let result = try await LocalServer.with("sdk/provider_stub.py") { address in
                let port = address.split(separator: ":").last ?? ""
                let questions = try Scratch.file(
                    "ask.yaml", "port: \(port)\nrequests: [{path: /}]")
                return try await Stormtape.run(
                    ["record", "--cassette", cassette, "--upstream", "openai=\(address)/v1"]
                        + ["--ask", questions, "--"] + Checkout.agent("server_agent.py"))
            }
            #expect(result.status == 6)
            #expect(result.err.contains("is taken on this machine"), "\(result.err)")
            #expect(!FileManager.default.fileExists(atPath: cassette))
        }

        @Test("What is wrong with the questions is said before anything runs")
        func wrongQuestions() async throws {
            let server = try await Self.recorded.value
            let result = try await Stormtape.run(
                ["replay", "--cassette", server.tape.cassette, "--ask", server.questions]
                    + ["--value", "quest=a", "--", "/bin/true"])
            #expect(result.status == 2)
            #expect(result.err.contains("--value quest=… is used nowhere"), "\(result.err)")
        }
    }
#endif
