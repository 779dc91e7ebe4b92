import Cassette
import Determinism
import Faults
import Gateway
import Simulation
import Testing

/// A world under the virtual clock that sends one step of each answer at each proof.
private struct SteppedWorld: WorldMachine {
    let watch: EventWatch
    let script: @Sendable (ExchangeID) -> [DeliveryStep]
    private var left: [(id: ExchangeID, steps: ArraySlice<DeliveryStep>)] = []

    init(watch: EventWatch, script: @escaping @Sendable (ExchangeID) -> [DeliveryStep]) {
        self.watch = watch
        self.script = script
    }

    mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        switch event {
        case .request(let id, _, _): left.append((id, script(id)[...]))
        case .agentClosed(let id): left.removeAll { $0.id == id }
        case .quiescent:
            for place in left.indices {
                guard let step = left[place].steps.popFirst() else { continue }
                actions.append(.send(left[place].id, step, after: .zero))
            }
            return
        default: break
        }
        watch.note(event)
    }
}

/// A replay that offers HTTP/2 to its only host.
private final class HTTP2Stage {
    static let host = "api.example.test"

    let watch = EventWatch()
    let folder: AuthorityFolder
    let port: Int
    private let server: ReplayServer<SteppedWorld>

    init(
        offers: Bool = true, bodyBytesMax: Int = RequestLimits.bodyBytesMax,
        script: @escaping @Sendable (ExchangeID) -> [DeliveryStep]
    ) throws {
        folder = try AuthorityFolder()
        let upstream = Upstream(
            name: "api", kind: .tool, address: "https://\(Self.host)",
            variables: ["HTTPS_PROXY"])
        server = ReplayServer(
            machine: SteppedWorld(watch: watch, script: script), mounts: [],
            proxy: ReplayProxy(
                authority: try CertificateAuthority.open(folder.path), port: 0,
                upstreams: [upstream], http2Upstreams: offers ? ["api"] : []),
            clock: .virtual, bodyBytesMax: bodyBytesMax, onStop: { _ in })
        port = try server.start()[ProxyMount.name] ?? 0
        server.watchAgent { SleepingAgent() }
    }

    deinit {
        _ = try? server.shutdown()
    }

    func agent() throws -> HTTP2Agent {
        try HTTP2Agent(proxyPort: port, host: Self.host, trusted: folder.path + "/authority.pem")
    }

    func openSSL(_ offered: String) throws -> String {
        try OpenSSL.fetch(
            "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
            from: "\(Self.host):443", proxyPort: port, trusted: folder.path + "/authority.pem",
            options: ["-alpn", offered]
        ).text
    }

    var requests: [RecordedRequest] {
        watch.events.compactMap {
            if case .request(_, _, let request) = $0 { request } else { nil }
        }
    }
}

@Suite(
    "Replaying over HTTP/2", .enabled(if: TLSUpstream.isAvailable), .timeLimit(.minutes(2)))
struct ReplayHTTP2Tests {
    private static let pieces: [DeliveryStep] = [
        .head(headers: [HeaderField("Content-Type", "text/plain"), HeaderField("connection", "x")]),
        .text("one "), .text("two"), .done,
    ]

    @Test("Each step is a frame, and the world hears of what it was told before")
    func whole() throws {
        let stage = try HTTP2Stage { _ in Self.pieces }
        let agent = try stage.agent()
        try agent.send("/v1/x?y=1", method: "POST", body: "hello")
        #expect(agent.waits(for: "1 \"\" end"))
        #expect(agent.frames == ["1 200", "1 \"one \"", "1 \"two\"", "1 \"\" end"])
        let told = stage.watch.events.prefix { if case .taken = $0 { false } else { true } }
        #expect(told.first == .overHTTP2(ExchangeID(1)))
        #expect(told.count == 2)
        let request = try #require(stage.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/v1/x?y=1")
        #expect(String(decoding: request.body, as: UTF8.self) == "hello")
        #expect(request.headers.first("host") == HTTP2Stage.host)
        try agent.stop()
    }

    @Test("A large answer and a large request come through whole")
    func large() throws {
        let text = String(repeating: "0123456789abcdef", count: 20_000)
        let stage = try HTTP2Stage { _ in DeliveryStep.whole(text) }
        let agent = try stage.agent()
        try agent.send("/", method: "POST", body: text)
        #expect(agent.waits(for: "1 \"\" end"))
        #expect(stage.requests.first?.body.count == text.utf8.count)
        let sizes = agent.frames.dropFirst().dropLast().map { frame in
            let text = frame.split(separator: "\"")[1]
            return text.hasPrefix("…") ? Int(text.dropFirst()) ?? 0 : text.utf8.count
        }
        #expect(sizes.reduce(0, +) == text.utf8.count)
        #expect(sizes.allSatisfy { $0 <= 16_384 })
        try agent.stop()
    }

    @Test("GOAWAY names the stream or the one before it, and then the connection ends")
    func goAway() throws {
        let stage = try HTTP2Stage { id in
            switch id.number {
            case 1, 3: Self.pieces
            case 2: [.frame(.goAway(.noError, namesStream: false))]
            default:
                [.head(), .text("one"), .frame(.goAway(.enhanceYourCalm, namesStream: true))]
            }
        }
        let first = try stage.agent()
        try first.send("/a")
        #expect(first.waits(for: "1 \"\" end"))
        try first.send("/b")
        #expect(first.waits(for: "closed"))
        #expect(first.frames.contains("goaway 0 last 1"))
        #expect(!first.frames.contains { $0.hasPrefix("3 \"") || $0 == "3 200" })
        let second = try stage.agent()
        try second.send("/b")
        #expect(second.waits(for: "1 \"\" end"))
        try second.send("/c")
        #expect(second.waits(for: "closed"))
        // A stream's frames come through a channel of its own: before or after the connection's.
        #expect(second.waits(for: "3 \"one\""))
        #expect(second.frames.filter { $0.hasPrefix("3 ") }.prefix(2) == ["3 200", "3 \"one\""])
        #expect(second.frames.contains("goaway 11 last 3"))
        for agent in [first, second] { try agent.stop() }
    }

    @Test("Below the first stream there is none")
    func goAwayBelowAll() throws {
        let stage = try HTTP2Stage { _ in [.frame(.goAway(.noError, namesStream: false))] }
        let agent = try stage.agent()
        try agent.send("/a")
        #expect(agent.waits(for: "closed"))
        #expect(agent.frames.contains("goaway 0 last 0"))
        try agent.stop()
    }

    @Test("RST_STREAM ends its stream only: the retry comes over the same connection")
    func resetStream() throws {
        let stage = try HTTP2Stage { id in
            switch id.number {
            case 1: [.head(), .text("one"), .frame(.resetStream(.internalError))]
            case 2: [.frame(.resetStream(.refusedStream))]
            default: Self.pieces
            }
        }
        let agent = try stage.agent()
        for (path, frame) in [("/a", "1 reset 2"), ("/a", "3 reset 7"), ("/a", "5 \"\" end")] {
            try agent.send(path)
            #expect(agent.waits(for: frame))
        }
        #expect(
            agent.frames == [
                "1 200", "1 \"one\"", "1 reset 2", "3 reset 7", "5 200", "5 \"one \"",
                "5 \"two\"", "5 \"\" end",
            ])
        #expect(!stage.watch.events.contains { if case .agentClosed = $0 { true } else { false } })
        try agent.stop()
    }

    @Test("What else is under way on a connection ends with it")
    func others() throws {
        let stage = try HTTP2Stage { id in
            id.number == 1
                ? [.head(), .text("one")]
                : [.head(), .frame(.goAway(.noError, namesStream: true))]
        }
        let agent = try stage.agent()
        try agent.send("/a")
        #expect(agent.waits(for: "1 \"one\""))
        try agent.send("/b")
        #expect(agent.waits(for: "closed"))
        #expect(stage.watch.waits { $0 == .agentClosed(ExchangeID(1)) })
        #expect(!stage.watch.events.contains(.agentClosed(ExchangeID(2))))
        try agent.stop()
    }

    @Test("An agent that gives up a stream, or the connection, has left the answer")
    func departures() throws {
        let stage = try HTTP2Stage { _ in [.head(), .text("one")] }
        let agent = try stage.agent()
        try agent.send("/a")
        #expect(agent.waits(for: "1 \"one\""))
        try agent.cancel()
        #expect(stage.watch.waits { $0 == .agentClosed(ExchangeID(1)) })
        try agent.send("/b")
        #expect(agent.waits(for: "3 \"one\""))
        try agent.stop()
        #expect(stage.watch.waits { $0 == .agentClosed(ExchangeID(2)) })
    }

    @Test("Endings of HTTP/1.1 are those of the connection")
    func endings() throws {
        let stage = try HTTP2Stage { id in
            [.head(), .text("one"), id.number == 1 ? .close : .reset]
        }
        for _ in 1...2 {
            let agent = try stage.agent()
            try agent.send("/a")
            #expect(agent.waits(for: "closed"))
            #expect(agent.frames.first == "1 200")
            #expect(!agent.frames.contains { $0.contains("goaway") || $0.contains("end") })
            try agent.stop()
        }
    }

    @Test("Answers without a body, and with a length that is not true, are sent as they are")
    func bodies() throws {
        let stage = try HTTP2Stage { id in
            id.number == 2
                ? [.head(204, .none), .text("no"), .done]
                : [.head(200, .length(id.number == 1 ? 3 : 9)), .text("one"), .done]
        }
        let agent = try stage.agent()
        try agent.send("/a", method: "HEAD")
        #expect(agent.waits(for: "1 \"\" end"))
        try agent.send("/b")
        #expect(agent.waits(for: "3 \"\" end"))
        #expect(agent.frames == ["1 200", "1 \"\" end", "3 204", "3 \"\" end"])
        try agent.stop()
    }

    @Test("A request with a body beyond the limit is refused, and the next one is served")
    func tooLarge() throws {
        let stage = try HTTP2Stage(bodyBytesMax: 10) { _ in Self.pieces }
        let agent = try stage.agent()
        try agent.send("/a", method: "POST", body: "0123456789a")
        #expect(agent.waits(for: "1 413"))
        try agent.send("/a", method: "POST", body: "0123456789")
        #expect(agent.waits(for: "3 \"\" end"))
        #expect(stage.requests.count == 1)
        try agent.stop()
    }

    @Test("Who offers HTTP/1.1 only gets that, and so does everybody where HTTP/2 is not offered")
    func notTaken() throws {
        for (offers, offered) in [(true, "http/1.1"), (false, "h2,http/1.1")] {
            let stage = try HTTP2Stage(offers: offers) { _ in DeliveryStep.whole("ok") }
            let text = try stage.openSSL(offered)
            #expect(text.contains("HTTP/1.1 200 OK"), "\(text)")
            #expect(!stage.watch.events.contains(.overHTTP2(ExchangeID(1))))
            #expect(stage.requests.count == 1)
        }
    }
}
