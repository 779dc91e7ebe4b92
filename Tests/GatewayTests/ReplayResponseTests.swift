import Cassette
import Determinism
import Faults
import Gateway
import Simulation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Responses are on the wire as the world says", .serialized, .timeLimit(.minutes(2)))
struct ReplayResponseTests {
    /// What a client reads for one GET answered with these steps.
    private func answer(
        _ steps: [DeliveryStep], method: String = "GET", version: String = "1.1"
    ) throws -> (text: String, last: RawClient.Outcome) {
        let stage = try Stage { _, _ in steps }
        let client = try RawClient(port: stage.port)
        client.send("\(method) / HTTP/\(version)\r\nconnection: close\r\n\r\n")
        return client.readAll()
    }

    @Test("Each framing has its wire form")
    func framings() throws {
        let close = "connection: close\r\n\r\n"
        let chunked = try answer([
            .head(200, .chunked, headers: [HeaderField("X-A", "b")]), .text("hello"), .body([]),
            .text("0123456789abcdef"), .end(trailers: [HeaderField("t", "1")]),
        ])
        #expect(
            chunked.text == "HTTP/1.1 200 OK\r\nX-A: b\r\ntransfer-encoding: chunked\r\n" + close
                + "5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nt: 1\r\n\r\n")
        let untilClose = try answer([.head(200, .untilClose), .text("abc"), .done])
        #expect(untilClose.text == "HTTP/1.1 200 OK\r\n" + close + "abc")
        let empty = try answer([.head(204, .none), .text("never"), .done])
        #expect(empty.text == "HTTP/1.1 204 OK\r\n" + close)
        #expect(chunked.last == .end && untilClose.last == .end && empty.last == .end)
    }

    @Test("The end of the connection ends a body without a length also for a client that keeps it")
    func untilCloseEndsKeptConnection() throws {
        let stage = try Stage { _, _ in [.head(200, .untilClose), .text("abc"), .done] }
        let client = try RawClient(port: stage.port)
        client.get("/")
        let answer = client.readAll()
        #expect(answer.text == "HTTP/1.1 200 OK\r\n\r\nabc")
        #expect(answer.last == .end)
    }

    @Test("A client of HTTP/1.0 gets no chunks")
    func oldClient() throws {
        let got = try answer([.head(200, .chunked), .text("abc"), .done], version: "1.0")
        #expect(got.text == "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc")
    }

    @Test("A content-length may lie in both directions", arguments: [2, 9])
    func lyingLength(length: Int) throws {
        let stage = try Stage { id, _ in
            id.number == 1
                ? [.head(200, .length(length)), .text("abcde"), .done] : DeliveryStep.whole("ok")
        }
        let client = try RawClient(port: stage.port)
        client.get("/")
        #expect(client.reads("HTTP/1.1 200 OK\r\ncontent-length: \(length)\r\n\r\nabcde"))
        client.get("/next")
        #expect(client.reads(wholeOK))
    }

    @Test("An answer to HEAD has the head of the answer to GET and no body")
    func head() throws {
        let stage = try Stage { id, _ in
            id.number == 1
                ? [.head(200, .length(5)), .text("abcde"), .done]
                : [.head(200, .chunked), .text("abcde"), .done]
        }
        let client = try RawClient(port: stage.port)
        client.send("HEAD / HTTP/1.1\r\n\r\n")
        #expect(client.reads("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"))
        client.send("HEAD / HTTP/1.1\r\n\r\n")
        #expect(client.reads("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"))
        client.get("/")
        #expect(
            client.reads(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"))
    }

    @Test("No header can start a line of its own")
    func injection() throws {
        let got = try answer([
            .head(
                DeliveryHead(
                    status: 200, reason: "O\r\nK: x\n",
                    headers: [
                        HeaderField("a", "1\r\ncontent-length: 99\r\n\r\nbody"),
                        HeaderField("b\r\nc: d", "\u{0}2\n"), HeaderField("\r\n", "gone"),
                    ], framing: .length(1))),
            .text("x"), .end(trailers: []),
        ])
        #expect(
            got.text == "HTTP/1.1 200 OK: x\r\na: 1content-length: 99body\r\nbcd: 2\r\n"
                + "content-length: 1\r\nconnection: close\r\n\r\nx")
    }

    @Test("A close is seen as the end, a reset as ECONNRESET", arguments: [0, 1, 2])
    func endings(stepsBefore: Int) throws {
        let steps: [DeliveryStep] = [.head(), .text("abc")]
        let wire = ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "3\r\nabc\r\n"]
        for (ending, seen) in [
            (DeliveryStep.close, RawClient.Outcome.end), (.reset, .failed(ECONNRESET)),
        ] {
            let stage = try Stage { _, _ in Array(steps.prefix(stepsBefore)) + [ending] }
            for _ in 0..<20 {
                let client = try RawClient(port: stage.port)
                client.get("/")
                let got = client.readAll()
                #expect(got.text == wire.prefix(stepsBefore).joined())
                #expect(got.last == seen)
            }
            #expect(!stage.watch.events.contains(.agentClosed(ExchangeID(1))))
        }
    }

    @Test("A hang holds the connection and says nothing")
    func hang() throws {
        let stage = try Stage { id, _ in id.number == 1 ? [.head()] : DeliveryStep.whole("ok") }
        let client = try RawClient(port: stage.port)
        client.get("/")
        #expect(client.reads("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"))
        client.setReadLimit(milliseconds: 30)
        #expect(client.read() == .failed(EAGAIN))
        let other = try RawClient(port: stage.port)
        other.get("/")
        #expect(other.reads(wholeOK))
    }

    @Test("A megabyte in one step arrives whole")
    func largeStep() throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 16)
        let got = try answer([.head(200, .length(text.utf8.count)), .text(text), .done])
        #expect(got.text.hasSuffix("\r\n\r\n" + text))
    }

    @Test("At real pace a step waits for its delay")
    func realPace() throws {
        struct Slow: WorldMachine {
            mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
                guard case .request(let id, _, _) = event else { return }
                let steps = DeliveryStep.whole("ok")
                for step in steps { actions.append(.send(id, step, after: .milliseconds(20))) }
            }
        }
        for (pace, least) in [(Pace.immediate, Duration.zero), (.real, .milliseconds(40))] {
            let server = ReplayServer(
                machine: Slow(), mounts: [MountPoint(name: "t")], pace: pace, onStop: { _ in })
            let client = try RawClient(port: #require(try server.start()["t"]))
            let took = ContinuousClock().measure {
                client.get("/")
                #expect(client.reads(wholeOK))
            }
            #expect(took >= least)
            _ = try server.shutdown()
        }
    }
}
