import Determinism
import Testing

#if os(Linux)
    /// `tls-handshake-fail`, to unmodified agents behind the proxy.
    @Suite("A TLS handshake that fails", .enabled(if: ProxyUpstream.isAvailable))
    struct HandshakeFaultTests {
        private static let single = Task {
            try await ProxiedTape.record(
                openAI: "sdk/openai_chat.py", ["--prompt", "emoji please", "--no-stream"])
        }

        private static let dialogue = Task {
            try await ProxiedTape.record(openAI: "sdk/openai_dialogue.py", [])
        }

        @Test(
            "The SDK meets it as it would in life, and its retry comes through",
            arguments: ["expired", "self-signed", "host", "proto"])
        func sdk(_ kind: String) async throws {
            let tape = try await Self.single.value
            let fault = "tls-handshake-fail"
            let once = try await tape.replay(
                scenario: FaultCase.scenario(fault, ["kind: \(kind)"]))
            #expect(once.fired == [fault], "\(once.err)")
            #expect(once.verdict == "passed")
            let endings = once.exchanges.map { $0["ending"]?.stringValue }
            #expect(endings == ["unconnected", "complete"])
            #expect(try once.answer()["text"]?.stringValue == ProbeTape.text)
            let always = FaultCase.scenario(fault, ["kind: \(kind)", "times: forever"])
            let failed = try await tape.replay(scenario: always)
            #expect(failed.fired == [fault, fault, fault])
            #expect(failed.exchanges.map { $0["attempt"]?.intValue } == [1, 2, 3])
            #expect(try failed.answer()["error"]?.stringValue == "openai.APIConnectionError")
            #expect(try failed.answer()["cause"]?.stringValue == "ConnectError")
            let again = try await tape.replay(scenario: always)
            #expect(again.digest == failed.digest, "\(again.difference(from: failed))")
        }

        @Test("A connection that was kept open is closed, so that the call it is for opens one")
        func keptOpen() async throws {
            let tape = try await Self.dialogue.value
            let scenario = FaultCase.scenario("tls-handshake-fail", call: 2)
            let first = try await tape.replay(scenario: scenario)
            #expect(first.fired == ["tls-handshake-fail"], "\(first.err)")
            let endings = first.exchanges.map { $0["ending"]?.stringValue }
            #expect(endings == ["complete", "unconnected", "complete"])
            let answers = try first.answer()["answers"]?.arrayValue
            #expect(answers?.count == 2)
            let second = try await tape.replay(scenario: scenario)
            #expect(second.digest == first.digest, "\(second.difference(from: first))")
        }

        @Test("A run that goes on from a closed plan has the same digest")
        func closedPlan() async throws {
            let tape = try await Self.single.value
            let run = try await tape.replay(
                scenario: FaultCase.scenario("tls-handshake-fail", ["kind: proto"]))
            let again = try await tape.replay(options: ["--plan", run.plan])
            #expect(again.fired == ["tls-handshake-fail"], "\(again.err)")
            #expect(again.digest == run.digest, "\(again.difference(from: run))")
        }

        private static let trusting = """
            import json, os, ssl, urllib.request
            body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hello"}]})
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/chat/completions", data=body.encode(),
                headers={"content-type": "application/json"})
            context = ssl._create_unverified_context()
            print(urllib.request.urlopen(request, context=context, timeout=30).status)
            """

        @Test("An agent that does not verify goes on, and the run says so")
        func unverified() async throws {
            let stub = try await SecureStub("agents/sdk/provider_stub.py")
            let tape = try await ProxiedTape.record(
                stub, settings: ["OPENAI_BASE_URL=https://localhost:\(stub.port)/v1"],
                command: [
                    Checkout.python(), Scratch.file("trusting.py", Self.trusting),
                ])
            let run = try await tape.replay(
                scenario: FaultCase.scenario("tls-handshake-fail", ["times: forever"]))
            #expect(run.output == "200\n", "\(run.err)")
            #expect(run.exchanges.map { $0["ending"]?.stringValue } == ["unconnected", "complete"])
            let reasons = run.list("inapplicable").map { $0["reason"]?.stringValue ?? "" }
            #expect(reasons.contains { $0.contains("must not trust") }, "\(reasons)")
        }

        @Test("Agents that are led to mounts speak no TLS, and the run says so")
        func mounts() async throws {
            let tape = try await ProbeTape.openaiWhole.tape
            let run = try await tape.replay(scenario: FaultCase.scenario("tls-handshake-fail"))
            #expect(run.fired.isEmpty)
            let reasons = run.list("inapplicable").map { $0["reason"]?.stringValue ?? "" }
            #expect(reasons.contains { $0.contains("record --proxy") }, "\(reasons)")
        }

        @Test("On the real clock it is inapplicable, and the run says so")
        func realClock() async throws {
            let run = try await Self.single.value.replay(
                scenario: FaultCase.scenario("tls-handshake-fail"), options: ["--clock", "real"])
            #expect(run.fired.isEmpty)
            let reasons = run.list("inapplicable").map { $0["reason"]?.stringValue ?? "" }
            #expect(reasons.contains { $0.contains("virtual clock") }, "\(reasons)")
        }
    }
#endif
