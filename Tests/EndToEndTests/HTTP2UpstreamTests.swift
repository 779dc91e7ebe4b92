import Testing

/// An upstream that speaks HTTP/2 and nothing else, as Node serves it.
@Suite(
    "An upstream that insists on HTTP/2",
    .enabled(if: ProxyUpstream.isAvailable && Checkout.has("node"), "it takes openssl and node"))
struct HTTP2UpstreamTests {
    private static let script = """
        import fs from "node:fs";
        import http2 from "node:http2";
        const [certificate, key] = process.argv.slice(2);
        const server = http2.createSecureServer({
          cert: fs.readFileSync(certificate), key: fs.readFileSync(key), allowHTTP1: false,
        });
        server.on("stream", (stream, headers) => {
          stream.respond({ ":status": 200, "content-type": "text/plain" });
          stream.write("answer to ");
          stream.end(headers[":path"]);
        });
        server.listen(0, "127.0.0.1", () => console.log(server.address().port));
        """

    @Test("What an agent gets of it over HTTP/1.1 is recorded, and replayed the same every time")
    func records() async throws {
        let (certificate, key) = try await SecureStub.certificate(for: ["localhost"])
        let server = try RobustProcess([
            "/usr/bin/env", "node", try Scratch.file("server.mjs", Self.script), certificate, key,
        ])
        let port = try #require(try server.line())
        let (cassette, authority) = (
            try Scratch.folder() + "/tape.cassette", try Scratch.folder() + "/authority"
        )
        let command = try ProxyAgent.command((1...2).map { "https://localhost:\(port)/\($0)" })
        let recorded = try await Shell.run(
            Checkout.stormtape(
                ["record", "--cassette", cassette, "--proxy", "--"] + command,
                authority: authority, trust: certificate))
        server.kill()
        #expect(recorded.out == "answer to /1\nanswer to /2\n", "\(recorded.err)")
        let tape = ProxiedTape(
            cassette: cassette, command: command, authority: authority, trust: certificate,
            settings: [], recorded: recorded)
        let runs = [try await tape.replay(), try await tape.replay()]
        #expect(runs.map(\.verdict) == ["passed", "passed"])
        #expect(runs[0].output == recorded.out)
        #expect(runs[1].digest == runs[0].digest, "\(runs[1].difference(from: runs[0]))")
    }
}
