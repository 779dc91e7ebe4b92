import Determinism
import Testing

/// Amazon Bedrock at its real address, with requests that boto3 signs.
@Suite("Bedrock through the proxy", .enabled(if: ProxyUpstream.isAvailable))
struct BedrockProxyTests {
    private static let host = "bedrock-runtime.us-east-1.amazonaws.com"

    /// The example credentials of Amazon's documentation, which `signed_stand_in.py` knows.
    private static let credentials = [
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true",
    ]

    private static func record(_ settings: [String]) async throws -> ProxiedTape {
        let stub = try await SecureStub(
            "sdks/signed_stand_in.py", hosts: [host, "localhost"])
        return try await ProxiedTape.record(
            stub, options: ["--connect-to", "\(host)=localhost:\(stub.port)"],
            settings: settings + ["TOOL_URL=https://localhost:\(stub.port)/tool"],
            command: [
                Checkout.root + "/.venv-sdks/bedrock/bin/python",
                Checkout.root + "/fixtures/sdks/agents/bedrock_converse.py",
            ])
    }

    private static let recording = Task { try await record(credentials) }

    private func steps(_ output: String) throws -> [JSONValue] {
        try output.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
    }

    @Test("boto3's signatures hold on the way to the upstream, and nothing secret is kept")
    func records() async throws {
        let tape = try await Self.recording.value
        let steps = try steps(tape.recorded.out)
        #expect(steps.map { $0["step"]?.stringValue } == ["stream", "plain", "tool"])
        #expect(steps.allSatisfy { $0["error"] == .null }, "\(tape.recorded.out)")
        let text = try await Stormtape.run(["cassette", "inspect", tape.cassette])
        #expect(text.out.contains("https://\(Self.host)"))
        let bytes = try Scratch.bytes(tape.cassette)
        #expect(!bytes.contains("AKIAIOSFODNN7EXAMPLE"))
    }

    @Test("A signature of another key is refused by the stand-in, or the test above says nothing")
    func wrongKey() async throws {
        let other = Self.credentials.map {
            $0.hasPrefix("AWS_SECRET") ? "AWS_SECRET_ACCESS_KEY=another/K7MDENG/EXAMPLEKEY" : $0
        }
        let steps = try steps(try await Self.record(other).recorded.out)
        #expect(steps.first?["error"]?["status"]?.intValue != nil || steps.first?["error"] != .null)
        #expect(steps.first?["text"]?.stringValue == "")
    }

    @Test("It is replayed without the upstream, to the same answers and the same digest")
    func replays() async throws {
        let tape = try await Self.recording.value
        let first = try await tape.replay()
        #expect(first.verdict == "passed", "\(first.text("reason")) \(first.err)")
        #expect(first.output == tape.recorded.out)
        let upstreams = first.exchanges.compactMap { $0["upstream"]?.stringValue }
        #expect(upstreams.prefix(3) == [Self.host, Self.host, Self.host])
        let second = try await tape.replay()
        #expect(second.digest == first.digest, "\(second.difference(from: first))")
    }

    @Test("boto3 retries a throttled request, signed anew, and the recorded answer comes through")
    func throttled() async throws {
        let tape = try await Self.recording.value
        let run = try await tape.replay(
            scenario: """
                scenario: throttled
                faults:
                  - fault: rate-limit-429
                    on: { upstream: \(Self.host), call: 1 }
                """ + "\n")
        #expect(run.fired == ["rate-limit-429"], "\(run.err)")
        #expect(run.output == tape.recorded.out)
        #expect(run.exchanges.count == 5)
    }
}
