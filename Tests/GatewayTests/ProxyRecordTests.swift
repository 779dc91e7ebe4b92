import Cassette
import Foundation
import Gateway
import Synchronization
import Testing

/// The upstreams that a recording met.
final class MetUpstreams: Sendable {
    private let kept = Mutex<[Upstream]>([])
    var all: [Upstream] { kept.withLock { $0 } }
    func add(_ upstream: Upstream) { kept.withLock { $0.append(upstream) } }
}

@Suite("Recording through the proxy")
struct ProxyRecordTests {
    static let request = "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"

    @Test(
        "TLS is taken apart: the agent trusts the authority, the upstream is verified",
        .enabled(if: TLSUpstream.isAvailable))
    func tunnel() throws {
        let upstream = try TLSUpstream(names: "DNS:localhost")
        defer { try? upstream.stop() }
        let recorder = try ProxyRecorder(trustRoots: [upstream.certificate])
        let server = "localhost:\(upstream.port)"
        let result = try OpenSSL.fetch(
            "GET /a?b=1 HTTP/1.0\r\n\r\n", from: server, proxyPort: recorder.port,
            trusted: recorder.folder.path + "/authority.pem")
        let summary = try recorder.stop()
        #expect(result.text.contains("HTTP/1.1 200"), "\(result.text)")
        #expect(result.text.contains("s_server"))
        #expect(summary.problems.isEmpty, "\(summary.problems)")
        let interaction = try recorder.sink.interaction(1)
        #expect(interaction.upstream == server)
        #expect(interaction.request.target == "/a?b=1")
        #expect(interaction.ending == .complete)
        let met = try #require(recorder.met.all.first)
        #expect(recorder.met.all.count == 1)
        #expect(met.address == "https://\(server)")
        #expect(met.port == recorder.port)
        #expect(met.isProxied)
    }

    @Test(
        "An agent that does not trust the authority is told of, with what to do",
        .enabled(if: TLSUpstream.isAvailable))
    func distrust() throws {
        let recorder = try ProxyRecorder()
        let other = try AuthorityFolder()
        _ = try CertificateAuthority.open(other.path)
        let result = try OpenSSL.fetch(
            Self.request, from: "api.example.test:443", proxyPort: recorder.port,
            trusted: other.path + "/authority.pem")
        #expect(result.status != 0)
        let problem = try #require(try recorder.stop().problems.first)
        #expect(problem.kind == .rejectedRequest)
        #expect(problem.upstream == "api.example.test")
        #expect(problem.message.contains("stormtape doctor"))
    }

    @Test(
        "An agent that offers HTTP/2 gets HTTP/1.1", .enabled(if: TLSUpstream.isAvailable))
    func protocolOffer() throws {
        let recorder = try ProxyRecorder()
        let result = try OpenSSL.run(
            ["s_client", "-proxy", "127.0.0.1:\(recorder.port)", "-connect", "a.test:443"]
                + ["-servername", "a.test", "-alpn", "h2,http/1.1", "-no_ign_eof"]
                + ["-CAfile", recorder.folder.path + "/authority.pem"],
            input: "Q\n")
        #expect(result.text.contains("ALPN protocol: http/1.1"), "\(result.text)")
        _ = try recorder.stop()
    }

    @Test("Requests with absolute targets go to their servers, several on one connection")
    func absolute() throws {
        let upstreams = try (1...2).map { number in
            try StubUpstream { socket in
                let head = try socket.receiveRequest().head
                let line = head.prefix { $0 != "\r" }
                try socket.send(
                    "HTTP/1.1 200 OK\r\ncontent-length: \(line.utf8.count + 2)\r\n\r\n"
                        + "\(number) \(line)")
            }
        }
        let recorder = try ProxyRecorder()
        let agent = try recorder.agent()
        for (number, upstream) in zip(1..., upstreams) {
            try agent.send(
                "GET http://127.0.0.1:\(upstream.port)/x?y HTTP/1.1\r\nhost: h\r\n"
                    + "proxy-connection: keep-alive\r\n\r\n")
            let answer =
                try agent.receive(through: "HTTP/1.1")
                + agent.receive(through: "HTTP/1.1")
            #expect(answer.contains("\r\n\r\n\(number) GET /x?y HTTP/1.1"))
        }
        agent.close()
        #expect(try recorder.stop().problems.isEmpty)
        let names = upstreams.map { "http://127.0.0.1:\($0.port)" }
        #expect(recorder.met.all.map(\.name) == names)
        #expect(recorder.met.all.map(\.variables) == [["HTTP_PROXY"], ["HTTP_PROXY"]])
        #expect(try recorder.sink.interaction(2).upstream == names[1])
    }

    @Test("A tunnel without TLS is read as well")
    func plainTunnel() throws {
        let upstream = try answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        let recorder = try ProxyRecorder()
        let agent = try recorder.agent()
        #expect(
            try agent.openTunnel(to: "127.0.0.1:\(upstream.port)").hasPrefix("HTTP/1.1 200 "))
        try agent.send(Self.request)
        #expect(try agent.receiveToEnd().hasSuffix("ok"))
        _ = try recorder.stop()
        #expect(try recorder.sink.interaction(1).upstream == "http://127.0.0.1:\(upstream.port)")
    }

    @Test("A mount that is asked for through the proxy is that mount")
    func ownMount() throws {
        let upstream = try answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        let recorder = try ProxyRecorder(upstreams: [
            Upstream(name: "up", kind: .tool, address: "http://127.0.0.1:\(upstream.port)/base")
        ])
        let mount = try #require(recorder.ports["up"])
        let agent = try recorder.agent()
        try agent.send(
            "GET http://127.0.0.1:\(mount)/x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
        #expect(try agent.receiveToEnd().hasSuffix("ok"))
        _ = try recorder.stop()
        #expect(try recorder.sink.interaction(1).upstream == "up")
        #expect(recorder.met.all.isEmpty)
    }

    static let refusals: [(sent: String, status: String)] = [
        ("GET /x HTTP/1.1\r\nhost: h\r\n\r\n", "HTTP/1.1 400 "),
        ("GET http://user@host/ HTTP/1.1\r\nhost: h\r\n\r\n", "HTTP/1.1 400 "),
        ("CONNECT nothing:port HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "),
        ("CONNECT a/../b:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "),
        ("CONNECT a.test:443 SMTP\r\n\r\n", "HTTP/1.1 400 "),
        ("CONNECT \(String(repeating: "a", count: 70_000))", "HTTP/1.1 431 "),
        (
            "GET http://a.test/ HTTP/1.1\r\nhost: h\r\nupgrade: websocket\r\n"
                + "connection: upgrade\r\n\r\n", "HTTP/1.1 501 "
        ),
    ]

    @Test("What is for no server is refused", arguments: refusals)
    func refusal(sent: String, status: String) throws {
        let recorder = try ProxyRecorder()
        let agent = try recorder.agent()
        try agent.send(sent)
        agent.endOutput()
        #expect(try agent.receiveToEnd().hasPrefix(status))
        #expect(try recorder.stop().interactionCount == 0)
        #expect(recorder.met.all.isEmpty)
    }

    @Test("An agent that leaves in the middle of its first bytes leaves nothing behind")
    func leaving() throws {
        let recorder = try ProxyRecorder()
        for text in ["", "CONN", "CONNECT a.test:443 HTTP/1.1\r\n"] {
            let agent = try recorder.agent()
            try agent.send(text)
            agent.endOutput()
            #expect(try agent.receiveToEnd().isEmpty)
        }
        #expect(try recorder.stop().problemCount == 0)
    }

    @Test("The signature of AWS keeps the lines that it covers")
    func signed() throws {
        let upstream = try StubUpstream { socket in
            let head = try socket.receiveRequest().head
            let kept = head.contains("accept-encoding: gzip") ? "kept" : "lost"
            try socket.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\(kept)")
        }
        let lines = [
            ("SignedHeaders=accept-encoding;host;x-amz-date", "kept"),
            ("SignedHeaders=host;x-amz-date", "lost"),
        ]
        for (names, expected) in lines {
            let recorder = try ProxyRecorder()
            let agent = try recorder.agent()
            try agent.send(
                "GET http://127.0.0.1:\(upstream.port)/ HTTP/1.1\r\nhost: h\r\n"
                    + "accept-encoding: gzip\r\nconnection: close\r\n"
                    + "authorization: AWS4-HMAC-SHA256 Credential=a/b, \(names), Signature=0\r\n\r\n"
            )
            #expect(try agent.receiveToEnd().hasSuffix(expected))
            _ = try recorder.stop()
        }
    }
}
