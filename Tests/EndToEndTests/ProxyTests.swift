import Determinism
import Foundation
import Testing

@Suite("Agents behind the proxy", .enabled(if: ProxyUpstream.isAvailable))
struct ProxyTests {
    /// A recording whose upstream is gone.
    struct Recorded: Sendable {
        var cassette: String
        var command: [String]
        var authority: String
        var trust: String
        var secure: String
        var plain: String
        var output: String

        func replay(
            _ options: [String] = [], command: [String]? = nil, authority: String? = nil
        ) async throws -> Run {
            let result = try await Shell.run(
                ["/usr/bin/env", "STORMTAPE_AUTHORITY=\(authority ?? self.authority)"]
                    + ["SSL_CERT_FILE=\(trust)", try Checkout.stormtape()]
                    + ["replay", "--cassette", cassette, "--format", "json"] + options + ["--"]
                    + (command ?? self.command))
            return try Run(result)
        }
    }

    private static let recording = Task { () async throws -> Recorded in
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let folder = try Scratch.folder()
        let (cassette, authority) = (folder + "/tape.cassette", folder + "/authority")
        let command = try ProxyAgent.command([
            upstream.secure + "/a?b=1", upstream.plain + "/c", upstream.secure + "/d",
        ])
        let result = try await Shell.run(
            try upstream.stormtape(
                ["record", "--cassette", cassette, "--proxy", "--"] + command,
                authority: authority))
        guard result.status == 0 else { throw SetUpError("record: \(result.err)") }
        return Recorded(
            cassette: cassette, command: command, authority: authority,
            trust: upstream.authority, secure: upstream.secure, plain: upstream.plain,
            output: result.out)
    }

    static func recorded() async throws -> Recorded { try await recording.value }

    @Test("What was said over TLS and without is on the tape, by host")
    func records() async throws {
        let recorded = try await Self.recorded()
        #expect(recorded.output == "answer to /a?b=1\nanswer to /c\nanswer to /d\n")
        let text = try await Stormtape.run(["cassette", "inspect", recorded.cassette])
        #expect(text.out.contains(String(recorded.secure.dropFirst("https://".count))))
        #expect(text.out.contains("HTTPS_PROXY"))
        #expect(text.out.contains(recorded.plain))
    }

    @Test("It is replayed offline, the same every time, also with another authority")
    func replays() async throws {
        let recorded = try await Self.recorded()
        let first = try await recorded.replay()
        #expect(first.verdict == "passed", "\(first.err)")
        #expect(first.output == recorded.output)
        let upstreams = first.exchanges.compactMap { $0["upstream"]?.stringValue }
        let secure = String(recorded.secure.dropFirst("https://".count))
        #expect(upstreams == [secure, recorded.plain, secure])
        let other = try Scratch.folder() + "/other"
        let second = try await recorded.replay(authority: other)
        #expect(second.digest == first.digest, "\(second.difference(from: first))")
        let real = try await recorded.replay(["--clock", "real"])
        #expect(real.verdict == "passed", "\(real.err)")
    }

    @Test("A host that was never reached leaves the tape, and is named")
    func unknownHost() async throws {
        let recorded = try await Self.recorded()
        for address in ["https://unknown.example/x", "http://unknown.example/x"] {
            let run = try await recorded.replay(command: try ProxyAgent.command([address]))
            #expect(run.status == 3)
            #expect(run.verdict == "off-tape")
            #expect(
                run.exchanges.last?["upstream"]?.stringValue?.contains("unknown.example") == true)
        }
    }

    @Test("Faults strike through TLS, the same every time")
    func faults() async throws {
        let recorded = try await Self.recorded()
        for fault in ["conn-reset-mid-body", "conn-reset-after-request", "server-error"] {
            let scenario = try Scratch.file(
                "scenario.yaml",
                "scenario: one\nfaults:\n  - fault: \(fault)\n    on: { call: 1 }\n")
            let options = ["--scenario", scenario, "--seed", "1"]
            let first = try await recorded.replay(options)
            #expect(first.fired.contains(fault), "\(fault): \(first.err)")
            #expect(first.verdict == "crashed")
            let second = try await recorded.replay(options)
            #expect(second.digest == first.digest, "\(fault): \(second.difference(from: first))")
        }
    }

    @Test("`doctor` names the authority's folder and the variables")
    func doctor() async throws {
        let folder = try Scratch.folder() + "/authority"
        let result = try await Shell.run([
            "/usr/bin/env", "STORMTAPE_AUTHORITY=\(folder)", try Checkout.stormtape(), "doctor",
        ])
        #expect(result.out.contains(folder))
        #expect(result.out.contains("NODE_EXTRA_CA_CERTS"))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
