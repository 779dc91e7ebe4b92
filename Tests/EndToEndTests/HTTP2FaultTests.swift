import Determinism
import Testing

#if os(Linux)
    /// `h2-goaway`, to unmodified agents behind the proxy that take HTTP/2.
    @Suite("An answer over HTTP/2 that is broken off", .enabled(if: ProxyUpstream.isAvailable))
    struct HTTP2FaultTests {
        private static let fault = "h2-goaway"

        private static let whole = Task {
            try await ProxiedTape.record(
                openAI: "sdk/openai_chat.py", ["--prompt", "emoji please", "--no-stream"])
        }

        private static let streamed = Task {
            try await ProxiedTape.record(
                openAI: "sdk/openai_chat.py", ["--prompt", "emoji please"])
        }

        private static let dialogue = Task {
            try await ProxiedTape.record(openAI: "sdk/openai_dialogue.py", [])
        }

        private static func replay(
            _ tape: ProxiedTape, _ parameters: [String], call: Int = 1, options: [String] = []
        ) async throws -> Run {
            try await tape.replay(
                scenario: FaultCase.scenario(fault, parameters, call: call), options: options,
                command: tape.command + ["--http2"])
        }

        @Test(
            "The SDK meets it as it would in life, and its retry comes through",
            arguments: [
                ("goaway", "goaway"), ("goaway-below", "goaway"), ("rst-stream", "rst-stream"),
                ("rst-stream-unanswered", "rst-stream"),
            ])
        func sdk(_ variant: String, _ ending: String) async throws {
            let tape = try await Self.whole.value
            let once = try await Self.replay(tape, ["variant: \(variant)"])
            #expect(once.fired == [Self.fault], "\(once.err)")
            #expect(once.verdict == "passed")
            #expect(once.exchanges.map { $0["ending"]?.stringValue } == [ending, "complete"])
            #expect(try once.answer()["text"]?.stringValue == ProbeTape.text)
            let always = ["variant: \(variant)", "times: forever"]
            let failed = try await Self.replay(tape, always)
            #expect(failed.exchanges.map { $0["attempt"]?.intValue } == [1, 2, 3])
            #expect(try failed.answer()["error"]?.stringValue == "openai.APIConnectionError")
            #expect(try failed.answer()["cause"]?.stringValue == "RemoteProtocolError")
            let again = try await Self.replay(tape, always)
            #expect(again.digest == failed.digest, "\(again.difference(from: failed))")
        }

        @Test("In the middle of a stream no SDK retries", arguments: ["goaway", "rst-stream"])
        func stream(_ variant: String) async throws {
            let tape = try await Self.streamed.value
            let run = try await Self.replay(tape, ["variant: \(variant)", "at_bytes: middle"])
            #expect(run.fired == [Self.fault], "\(run.err)")
            #expect(run.exchanges.count == 1)
            #expect(try run.answer()["error"]?.stringValue == "openai.APIConnectionError")
            #expect(try run.answer()["cause"]?.stringValue == "RemoteProtocolError")
            let again = try await Self.replay(tape, ["variant: \(variant)", "at_bytes: middle"])
            #expect(again.digest == run.digest, "\(again.difference(from: run))")
        }

        @Test("A connection that was kept is given up, and the call is sent on another one")
        func kept() async throws {
            let tape = try await Self.dialogue.value
            let run = try await Self.replay(tape, ["variant: goaway-below"], call: 2)
            #expect(run.fired == [Self.fault], "\(run.err)")
            #expect(
                run.exchanges.map { $0["ending"]?.stringValue }
                    == ["complete", "goaway", "complete"])
            #expect(try run.answer()["answers"]?.arrayValue?.count == 2)
            let again = try await Self.replay(tape, ["variant: goaway-below"], call: 2)
            #expect(again.digest == run.digest, "\(again.difference(from: run))")
        }

        @Test("A run that goes on from a closed plan has the same digest, also if nothing fired")
        func closedPlan() async throws {
            let tape = try await Self.whole.value
            let command = tape.command + ["--http2"]
            for parameters in [["variant: rst-stream"], ["on: { call: 1, attempt: 7 }"]] {
                let text =
                    "scenario: s\nfaults:\n  - fault: h2-goaway\n"
                    + parameters.map { "    \($0)\n" }.joined()
                let run = try await tape.replay(scenario: text, command: command)
                let again = try await tape.replay(options: ["--plan", run.plan], command: command)
                #expect(again.fired == run.fired)
                #expect(again.digest == run.digest, "\(again.difference(from: run))")
            }
        }

        @Test("A client that takes HTTP/1.1 does not meet it, and its run is as without the fault")
        func notTaken() async throws {
            let tape = try await Self.whole.value
            let run = try await tape.replay(scenario: FaultCase.scenario(Self.fault))
            #expect(run.fired.isEmpty)
            #expect(run.verdict == "passed")
            let reasons = run.list("inapplicable").map { $0["reason"]?.stringValue ?? "" }
            #expect(reasons.contains { $0.contains("took HTTP/1.1") }, "\(reasons)")
            let calm = try await tape.replay()
            #expect(calm.digest == run.digest, "\(calm.difference(from: run))")
        }

        @Test("Agents that are led to mounts are offered none, and the run says so")
        func mounts() async throws {
            let tape = try await ProbeTape.openaiWhole.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario(Self.fault), command: tape.command + ["--http2"])
            #expect(run.fired.isEmpty)
            let reasons = run.list("inapplicable").map { $0["reason"]?.stringValue ?? "" }
            #expect(reasons.contains { $0.contains("record --proxy") }, "\(reasons)")
        }

        @Test("On the real clock it is inapplicable, and the run says so")
        func realClock() async throws {
            let run = try await Self.replay(
                Self.whole.value, [], options: ["--clock", "real"])
            #expect(run.fired.isEmpty)
            let reasons = run.list("inapplicable").map { $0["reason"]?.stringValue ?? "" }
            #expect(reasons.contains { $0.contains("virtual clock") }, "\(reasons)")
        }
    }
#endif
