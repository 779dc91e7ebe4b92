import Cassette
import Determinism
import Faults
import Gateway
import Simulation
import Testing

/// A world that lets every handshake end as a script says, and answers every request.
private struct HandshakeWorld: WorldMachine {
    let watch: EventWatch
    let result: OpeningResult
    private var asking: [Opener] = []
    private var arrived: [ExchangeID] = []

    init(watch: EventWatch, result: OpeningResult) {
        self.watch = watch
        self.result = result
    }

    mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        switch event {
        case .asks(let opener, _, _): asking.append(opener)
        case .request(let id, _, _): arrived.append(id)
        case .quiescent:
            actions += asking.map { .answer($0, result) }
            for id in arrived {
                actions += DeliveryStep.whole("ok").map { .send(id, $0, after: .zero) }
            }
            asking = []
            arrived = []
            return
        default: break
        }
        watch.note(event)
    }
}

@Suite(
    "TLS handshakes that fail", .enabled(if: TLSUpstream.isAvailable), .timeLimit(.minutes(2)))
struct ProxyHandshakeTests {
    private func fetch(
        _ result: OpeningResult, asks: Bool = true
    ) throws -> (text: String, events: [WorldEvent]) {
        let watch = EventWatch()
        let folder = try AuthorityFolder()
        let server = ReplayServer(
            machine: HandshakeWorld(watch: watch, result: result), mounts: [],
            proxy: ReplayProxy(
                authority: try CertificateAuthority.open(folder.path), port: 0,
                upstreams: [
                    Upstream(
                        name: "api", kind: .tool, address: "https://api.example.test",
                        variables: ["HTTPS_PROXY"])
                ], asksBeforeHandshakes: asks), clock: .virtual, onStop: { _ in })
        let ports = try server.start()
        server.watchAgent { SleepingAgent() }
        let fetched = try OpenSSL.fetch(
            "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
            from: "api.example.test:443", proxyPort: ports[ProxyMount.name] ?? 0,
            trusted: folder.path + "/authority.pem")
        _ = try server.shutdown()
        return (fetched.text, watch.events)
    }

    private static let asked = WorldEvent.asks(.tunnel(1), .handshake, upstream: "api")

    @Test(
        "The client is told what is wrong, and sends nothing",
        arguments: [
            (OpeningResult.badCertificate(.expired), "verify error:num=10:"),
            (.badCertificate(.selfSigned), "verify error:num=18:"),
            (.badCertificate(.otherHost), "verify error:num=62:"),
            (.noVersion, "alert protocol version"),
        ])
    func fails(_ result: OpeningResult, _ message: String) throws {
        let (text, events) = try fetch(result)
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("200 OK"))
        #expect(events == [Self.asked])
    }

    @Test("One that is let through is a handshake as any other, and so is one nobody asks for")
    func open() throws {
        for asks in [true, false] {
            let (text, events) = try fetch(.open, asks: asks)
            #expect(text.contains("HTTP/1.1 200 OK"), "\(text)")
            #expect(events.contains(Self.asked) == asks)
        }
    }

    @Test("The flawed certificates are made once and kept, beside that of the host")
    func kept() throws {
        let folder = try AuthorityFolder()
        let first = try CertificateAuthority.open(folder.path)
        let second = try CertificateAuthority.open(folder.path)
        var seen: Set<[UInt8]> = [try first.certificate(for: "a.test")]
        for flaw in CertificateFlaw.allCases {
            let made = try first.certificate(for: "a.test", flaw: flaw)
            #expect(try second.certificate(for: "a.test", flaw: flaw) == made)
            #expect(seen.insert(made).inserted)
        }
        for name in ["a.test", "a.test+expired", "a.test+self-signed", "other-host.stormtape.test"]
        {
            #expect(try !folder.bytes("leaves/\(name).pem").isEmpty)
        }
    }
}
