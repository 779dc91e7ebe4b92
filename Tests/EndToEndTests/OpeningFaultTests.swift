import Determinism
import Testing

#if os(Linux)
    /// Connections that do not come about, to unmodified agents.
    @Suite("Faults on the way to a connection")
    struct OpeningFaultTests {
        @Test(
            "The SDK meets them as it would in life, and its retry comes through",
            arguments: [
                ("connect-refused", "openai.APIConnectionError", "ConnectError"),
                ("dns-failure", "openai.APIConnectionError", "ConnectError"),
                ("connect-timeout", "openai.APITimeoutError", "ConnectTimeout"),
            ])
        func sdk(_ fault: String, _ error: String, _ cause: String) async throws {
            let tape = try await ProbeTape.openaiWhole.tape
            let retried = try await tape.replay(scenario: FaultCase.scenario(fault))
            #expect(retried.fired == [fault], "\(retried.err)")
            #expect(retried.verdict == "passed")
            let endings = retried.exchanges.map { $0["ending"]?.stringValue }
            #expect(endings == ["unconnected", "complete"])
            #expect(try retried.answer()["text"]?.stringValue == ProbeTape.text)
            let failed = try await tape.replay(
                scenario: FaultCase.scenario(fault, ["times: forever"]))
            #expect(failed.fired == [fault, fault, fault])
            #expect(try failed.answer()["error"]?.stringValue == error)
            #expect(try failed.answer()["cause"]?.stringValue == cause)
            let again = try await tape.replay(
                scenario: FaultCase.scenario(fault, ["times: forever"]))
            #expect(again.digest == failed.digest, "\(again.difference(from: failed))")
        }

        private static let fetching = """
            const address = process.env.OPENAI_BASE_URL + "/chat/completions";
            for (let n = 1; n <= 3; n++) {
              const body = JSON.stringify({ model: "m", n, messages: [] });
              const headers = { "content-type": "application/json" };
              try {
                const signal = AbortSignal.timeout(9000);
                const answer = await fetch(address, { method: "POST", headers, body, signal });
                await answer.text();
                console.log(n, answer.status);
              } catch (error) {
                console.log(n, error.cause?.code ?? error.name);
              }
            }
            """

        private static let fetched = Task {
            let script = try Scratch.file("fetch.mjs", fetching)
            return try await Tape.record(["node", script], upstream: "openai", path: "/v1")
        }

        @Test(
            "A runtime that keeps its connection open is made to open one for the call that is aimed at",
            .enabled(if: Checkout.has("node"), "node is not installed"),
            arguments: [
                ("connect-refused", "ECONNREFUSED"), ("dns-failure", "ENOTFOUND"),
                ("connect-timeout", "TimeoutError"),
            ])
        func keptAlive(_ fault: String, _ code: String) async throws {
            let run = try await Self.fetched.value.replay(
                scenario: FaultCase.scenario(fault, call: 2))
            #expect(run.fired == [fault], "\(run.err)")
            #expect(run.output == "1 200\n2 \(code)\n3 200\n")
        }

        @Test("An agent without a time-out for connecting hangs at once, and the report says where")
        func hangs() async throws {
            let tape = try await ProbeTape.openaiWhole.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario("connect-timeout"),
                command: [
                    Checkout.python(), "-c",
                    """
                    import os, urllib.request
                    urllib.request.urlopen(os.environ["OPENAI_BASE_URL"] + "/models")
                    """,
                ])
            #expect(run.verdict == "hung")
            #expect(run.text("reason").contains("in connect"), "\(run.text("reason"))")
            #expect(run.text("reason").contains("finds no connection"))
        }

        @Test("Where connections cannot be seen, the fault is inapplicable, and the run says so")
        func realClock() async throws {
            let tape = try await ProbeTape.openaiWhole.tape
            let run = try await tape.replay(
                scenario: FaultCase.scenario("connect-refused"), options: ["--clock", "real"])
            #expect(run.fired.isEmpty)
            #expect(run.list("inapplicable").count == 1)
        }
    }
#endif
