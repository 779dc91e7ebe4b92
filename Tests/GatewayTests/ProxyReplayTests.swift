import Cassette
import Faults
import Foundation
import Gateway
import Simulation
import Testing

/// A replay that is a proxy for one host over TLS and one without.
final class ProxyStage {
    static let hosts = ["https://api.example.test", "http://plain.example.test"]

    let watch = EventWatch()
    let folder: AuthorityFolder
    let ports: [String: Int]
    let server: ReplayServer<ScriptedWorld>

    init(
        script: @escaping @Sendable (ExchangeID, RecordedRequest) -> [DeliveryStep] = { _, _ in
            DeliveryStep.whole("ok")
        }
    ) throws {
        folder = try AuthorityFolder()
        let upstreams = Self.hosts.map { address in
            Upstream(
                name: String(address.drop { $0 != "/" }.dropFirst(2)), kind: .tool,
                address: address,
                variables: [address.hasPrefix("https") ? "HTTPS_PROXY" : "HTTP_PROXY"])
        }
        server = ReplayServer(
            machine: ScriptedWorld(watch: watch, script: script),
            mounts: [MountPoint(name: "tool")],
            proxy: ReplayProxy(
                authority: try CertificateAuthority.open(folder.path), port: 0,
                upstreams: upstreams), onStop: { _ in })
        ports = try server.start()
    }

    deinit {
        _ = try? server.shutdown()
    }

    var port: Int { ports[ProxyMount.name] ?? 0 }

    var asked: [String] {
        watch.events.compactMap { event in
            if case .request(_, let upstream, let request) = event {
                "\(upstream) \(request.method) \(request.target)"
            } else {
                nil
            }
        }
    }
}

@Suite("Replaying through the proxy")
struct ProxyReplayTests {
    @Test("A known host is answered over TLS", .enabled(if: TLSUpstream.isAvailable))
    func tunnel() throws {
        let stage = try ProxyStage { _, request in
            [
                .head(), .text("one "), .text("two "), .text(request.target), .done,
            ]
        }
        let result = try OpenSSL.fetch(
            "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
            from: "api.example.test:443", proxyPort: stage.port,
            trusted: stage.folder.path + "/authority.pem")
        #expect(result.text.contains("4\r\none \r\n4\r\ntwo \r\n2\r\n/x\r\n0\r\n\r\n"))
        #expect(stage.asked == ["api.example.test GET /x"])
        #expect(!stage.watch.events.contains { if case .agentClosed = $0 { true } else { false } })
    }

    @Test(
        "A large answer arrives whole over TLS", .enabled(if: TLSUpstream.isAvailable))
    func large() throws {
        let text = String(repeating: "0123456789abcdef", count: 20_000)
        let stage = try ProxyStage { _, _ in DeliveryStep.whole(text) }
        let result = try OpenSSL.fetch(
            "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
            from: "api.example.test:443", proxyPort: stage.port,
            trusted: stage.folder.path + "/authority.pem")
        #expect(result.text.hasSuffix("\r\n\r\n" + text))
    }

    @Test("A reset in a tunnel is a reset", .enabled(if: TLSUpstream.isAvailable))
    func reset() throws {
        let stage = try ProxyStage { _, _ in [.head(), .text("one"), .reset] }
        let result = try OpenSSL.fetch(
            "GET /x HTTP/1.1\r\nhost: h\r\n\r\n", from: "api.example.test:443",
            proxyPort: stage.port, trusted: stage.folder.path + "/authority.pem")
        #expect(result.text.contains("3\r\none\r\n"))
        #expect(result.text.contains("errno=104"), "\(result.text)")
    }

    @Test("Requests with absolute targets are told with their upstream")
    func absolute() throws {
        let stage = try ProxyStage()
        let client = try RawClient(port: stage.port)
        let mount = try #require(stage.ports["tool"])
        let targets = [
            "http://plain.example.test/a", "http://plain.example.test:80/b",
            "http://PLAIN.example.test/c", "http://127.0.0.1:\(mount)/d",
            "http://unknown.test/e",
        ]
        for target in targets {
            client.send("GET \(target) HTTP/1.1\r\nhost: h\r\n\r\n")
            #expect(client.reads(wholeOK))
        }
        #expect(
            stage.asked == [
                "plain.example.test GET /a", "plain.example.test GET /b",
                "plain.example.test GET /c", "tool GET /d", "http://unknown.test GET /e",
            ])
    }

    @Test("A tunnel to an unknown host is no tunnel: the world is asked, by the host's name")
    func unknown() throws {
        let stage = try ProxyStage { _, _ in
            [.head(502, .length(2)), .text("no"), .done]
        }
        let client = try RawClient(port: stage.port)
        client.send("CONNECT unknown.test:443 HTTP/1.1\r\nhost: unknown.test:443\r\n\r\n")
        #expect(client.readAll().text.hasPrefix("HTTP/1.1 502 "))
        #expect(stage.asked == ["unknown.test CONNECT /unknown.test:443"])
    }

    @Test("A WebSocket is refused as in a recording, and the world does not hear of it")
    func upgrade() throws {
        let stage = try ProxyStage()
        let wanted =
            "GET http://plain.example.test/ HTTP/1.1\r\nhost: h\r\nupgrade: websocket\r\n"
            + "connection: upgrade\r\n\r\n"
        let client = try RawClient(port: stage.port)
        client.send(wanted)
        let replayed = client.readAll()
        let recorder = try ProxyRecorder()
        let agent = try recorder.agent()
        try agent.send(wanted)
        #expect(try agent.receiveToEnd() == replayed.text)
        #expect(replayed.text.hasPrefix("HTTP/1.1 501 "))
        #expect(replayed.text.contains("upgrade to websocket"))
        #expect(replayed.last == .end)
        #expect(stage.asked.isEmpty)
        _ = try recorder.stop()
    }
}
