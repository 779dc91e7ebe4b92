import Determinism
import Testing

/// The official SDKs, recorded against a local stand-in and replayed when it is gone.
@Suite("The official SDKs record and replay")
struct RecordReplayTests {
    struct Probe: Sendable, CustomTestStringConvertible {
        var sdk: String
        var options: [String]
        var requests: Int

        var isOpenAI: Bool { sdk == "openai" }
        var testDescription: String { ([sdk] + options).joined(separator: " ") }

        static let all = ["openai", "anthropic"].flatMap { sdk in
            [
                Probe(sdk: sdk, options: [], requests: 1),
                Probe(sdk: sdk, options: ["--no-stream", "--parallel", "4"], requests: 4),
                Probe(sdk: sdk, options: ["--async", "--parallel", "4"], requests: 4),
                Probe(sdk: sdk, options: ["--async", "--no-stream"], requests: 1),
            ]
        }

        func record() async throws -> Tape {
            try await Tape.record(
                Checkout.agent(
                    isOpenAI ? "sdk/openai_chat.py" : "sdk/anthropic_messages.py", options),
                upstream: sdk, path: isOpenAI ? "/v1" : "")
        }
    }

    @Test("Three replays say what the recording said, with one digest", arguments: Probe.all)
    func replaysRepeat(_ probe: Probe) async throws {
        let tape = try await probe.record()
        #expect(tape.recorded.out.contains("good morning"))
        #expect(!tape.recorded.out.contains("\"error\": \""))
        let first = try await tape.replay()
        // Two more at the same time.
        async let second = tape.replay()
        async let third = tape.replay()
        for run in try await [first, second, third] {
            #expect(run.status == 0, "\(run.err)")
            #expect(run.verdict == "passed")
            #expect(run.output == tape.recorded.out)
            #expect(run.digest.count == 64)
            #expect(run.exchanges.count == probe.requests)
            #expect(run.exchanges.allSatisfy { $0["source"]?.stringValue == "recorded" })
            #expect(run.digest == first.digest, "\(run.difference(from: first))")
        }
        try await expectListing(of: tape, probe)
    }

    @Test("On the real clock they have one digest too", arguments: Probe.all)
    func realClock(_ probe: Probe) async throws {
        let tape = try await probe.record()
        let first = try await tape.replay(["--clock", "real"])
        async let second = tape.replay(["--clock", "real"])
        async let third = tape.replay(["--clock", "real"])
        for run in try await [first, second, third] {
            #expect(run.verdict == "passed", "\(run.err)")
            #expect(run.output == tape.recorded.out)
            #expect(run.digest == first.digest, "\(run.difference(from: first))")
        }
    }

    private func expectListing(of tape: Tape, _ probe: Probe) async throws {
        let inspected = try await Stormtape.run(
            ["cassette", "inspect", tape.cassette, "--format", "json"])
        #expect(inspected.status == 0)
        let listing = try JSONValue.parse(Array(inspected.out.utf8))
        #expect(listing["packed"]?.boolValue == true)
        #expect(listing["hash"]?.stringValue?.count == 64)
        let manifest = try #require(listing["manifest"])
        #expect(manifest["command"]?.arrayValue?.map(\.stringValue) == tape.command)
        #expect(manifest["seed"]?.stringValue == "1")
        let upstream = try #require(manifest["upstreams"]?.arrayValue?.first)
        #expect(upstream["name"]?.stringValue == probe.sdk)
        #expect(upstream["kind"]?.stringValue == "model")
        // Only what was asked for is kept: one address may speak several protocols.
        #expect(upstream["protocol"] == nil)
        #expect((upstream["port"]?.intValue ?? 0) > 0)
        let rows = try #require(listing["interactions"]?.arrayValue)
        #expect(rows.count == probe.requests)
        let streams = !probe.options.contains("--no-stream")
        for row in rows {
            #expect(row["status"]?.intValue == 200)
            #expect(row["ending"]?.stringValue == "complete")
            #expect(row["model"]?.stringValue == "smollm2-135m-instruct")
            #expect(row["stream"]?.boolValue == streams)
            #expect((row["chunks"]?.intValue ?? 0) >= (streams ? 2 : 1))
        }
        #expect(Set(rows.compactMap { $0["fingerprint"]?.stringValue }).count == probe.requests)
    }

    @Test("The key of the environment is not in the cassette, and replay needs none")
    func keysStayOut() async throws {
        let script = """
            import os, urllib.request
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/chat/completions", method="POST",
                data=b'{"model":"m","messages":[{"role":"user","content":"hi"}]}',
                headers={"Authorization": "Bearer sk-e2e-" + "0123456789abcdef" * 3})
            print(urllib.request.urlopen(request).status, "OPENAI_API_KEY" in os.environ)
            """
        let tape = try await Tape.record(
            [Checkout.python(), "-c", script], upstream: "openai", path: "/v1")
        #expect(tape.recorded.out == "200 True\n")
        let bytes = try Scratch.bytes(tape.cassette)
        #expect(!bytes.contains("0123456789abcdef0123456789abcdef"))
        let run = try await tape.replay()
        #expect(run.status == 0, "\(run.err)")
        #expect(run.output == "200 True\n")
    }
}
