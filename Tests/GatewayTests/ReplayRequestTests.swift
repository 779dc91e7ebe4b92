import Cassette
import Gateway
import Simulation
import Testing

@Suite("Requests reach the world whole", .serialized, .timeLimit(.minutes(2)))
struct ReplayRequestTests {
    private func okStage(bodyBytesMax: Int = RequestLimits.bodyBytesMax) throws -> Stage {
        try Stage(bodyBytesMax: bodyBytesMax) { _, _ in DeliveryStep.whole("ok") }
    }

    @Test("A connection is kept for the next request")
    func keepAlive() throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        for round in 1...3 {
            client.get("/\(round)?q=a%20b")
            #expect(client.reads(wholeOK))
        }
        #expect(stage.requests.map(\.target) == ["/1?q=a%20b", "/2?q=a%20b", "/3?q=a%20b"])
        #expect(stage.requests[0].headers == [HeaderField("host", "t")])
    }

    @Test("Pipelined requests wait for the answer of the one before")
    func pipelining() throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        let count = 200
        client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nhost: t\r\n\r\n" }.joined())
        #expect(client.reads(String(repeating: wholeOK, count: count)))
        #expect(stage.requests.map(\.target) == (0..<count).map { "/\($0)" })
        let third = ExchangeID(3)
        let order = stage.watch.events.filter {
            if case .request(third, _, _) = $0 { return true }
            return $0 == .taken(ExchangeID(2))
        }
        #expect(order.count == 3 && order[0] == .taken(ExchangeID(2)) && order[1] == order[0])
    }

    @Test("Expect: 100-continue is answered before the body is sent")
    func expectContinue() throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        for body in ["abc", "defg"] {
            client.send("POST / HTTP/1.1\r\nExpect: 100-Continue\r\n")
            client.send("content-length: \(body.count)\r\n\r\n")
            #expect(client.reads("HTTP/1.1 100 Continue\r\n\r\n"))
            client.send(body)
            #expect(client.reads(wholeOK))
        }
        #expect(stage.requests.map(\.body) == [Array("abc".utf8), Array("defg".utf8)])
    }

    @Test("100-continue never gets into the answer before it")
    func expectContinueBehindAnother() throws {
        let stage = try Stage(gate: 1) { _, _ in DeliveryStep.whole("ok") }
        let client = try RawClient(port: stage.port)
        client.send(
            "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nexpect: 100-continue\r\n"
                + "content-length: 1\r\n\r\n")
        #expect(client.reads(String(wholeOK.dropLast(2))))
        stage.server.post(.quiescent)
        #expect(client.reads("okHTTP/1.1 100 Continue\r\n\r\n"))
        client.send("x")
        #expect(client.reads(wholeOK))
    }

    @Test("A chunked body is put together wherever it is split")
    func chunkedBody() throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        let wire = Array(
            ("POST /c HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\nt: 1\r\n\r\n").utf8)
        for split in 1..<wire.count {
            client.send(Array(wire[..<split]))
            client.send(Array(wire[split...]))
            #expect(client.reads(wholeOK), "split at \(split)")
        }
        for byte in wire { client.send([byte]) }
        #expect(client.reads(wholeOK))
        #expect(stage.requests.count == wire.count)
        #expect(stage.requests.allSatisfy { $0.body == Array("abc0123456789".utf8) })
    }

    @Test("A body of 20 MB arrives whole", arguments: [true, false])
    func largeBody(chunked: Bool) throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        // No power of two divides the length of the block, so that no two reads get the same bytes.
        let block = (0..<9_765).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var body: [UInt8] = []
        while body.count < 20_000_000 { body += block }
        body.removeLast(body.count - 20_000_000)
        if chunked {
            client.send("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n")
            for start in stride(from: 0, to: body.count, by: 4_000_000) {
                client.send("3d0900\r\n")
                client.send(Array(body[start..<(start + 4_000_000)]))
                client.send("\r\n")
            }
            client.send("0\r\n\r\n")
        } else {
            client.send("POST / HTTP/1.1\r\ncontent-length: \(body.count)\r\n\r\n")
            client.send(body)
        }
        #expect(client.reads(wholeOK))
        #expect(stage.requests[0].body == body)
    }

    @Test("Fifty connections are served at once")
    func concurrent() throws {
        let stage = try Stage { _, request in DeliveryStep.whole(request.target) }
        let clients = try (0..<50).map { _ in try RawClient(port: stage.port) }
        for round in 0..<4 {
            for (index, client) in clients.enumerated() { client.get("/\(round)/\(10 + index)") }
            for (index, client) in clients.enumerated() {
                let target = "/\(round)/\(10 + index)"
                #expect(client.reads("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n\(target)"))
            }
        }
        #expect(Set(stage.requests.map(\.target)).count == 200)
        #expect(!stage.watch.events.contains { if case .agentClosed = $0 { true } else { false } })
    }

    @Test(
        "A target in absolute form is reduced to its path",
        arguments: [
            ("http://127.0.0.1:80/a/b?c=d", "/a/b?c=d"), ("http://host", "/"),
            ("http://host?x=1", "/?x=1"), ("/p?u=http://x/y", "/p?u=http://x/y"), ("*", "*"),
        ])
    func absoluteForm(sent: String, seen: String) throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        client.send("OPTIONS \(sent) HTTP/1.1\r\nhost: h\r\n\r\n")
        #expect(client.reads(wholeOK))
        #expect(stage.requests.map(\.target) == [seen])
    }

    @Test("After an offer to upgrade the answer ends the connection and says so")
    func upgrade() throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        client.send(
            "POST / HTTP/1.1\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
                + "content-length: 3\r\n\r\nabc")
        let answer = client.readAll()
        #expect(
            answer.text
                == "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        #expect(answer.last == .end)
        #expect(stage.requests.map(\.body) == [Array("abc".utf8)])
    }

    @Test(
        "What is not HTTP/1.1 is answered with 400 and never reaches the world",
        arguments: [
            "hello\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\u{0}\u{0}", "GET /\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            "GET / HTTP/1.1\r\na b: c\r\n\r\n",
        ])
    func malformed(sent: String) throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        client.send(sent)
        let answer = client.readAll()
        #expect(answer.text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.last == .end)
        #expect(stage.requests.isEmpty)
        let next = try RawClient(port: stage.port)
        next.get("/")
        #expect(next.reads(wholeOK))
    }

    @Test("A malformed request behind a good one is answered after it")
    func malformedBehindGood() throws {
        let stage = try okStage()
        let client = try RawClient(port: stage.port)
        client.send("GET / HTTP/1.1\r\n\r\n\u{1}\u{2}\r\n\r\n")
        #expect(client.readAll().text.hasPrefix(wholeOK + "HTTP/1.1 400 "))
    }

    @Test("Limits are answered with 413 and 431")
    func limits() throws {
        let stage = try okStage(bodyBytesMax: 1_000)
        let announced = try RawClient(port: stage.port)
        announced.send("POST / HTTP/1.1\r\ncontent-length: 1001\r\n\r\n")
        announced.send([UInt8](repeating: 0, count: 1_001))
        #expect(announced.readAll().text.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        let chunked = try RawClient(port: stage.port)
        chunked.send("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n")
        chunked.send("3e9\r\n" + String(repeating: "x", count: 1_001) + "\r\n")
        #expect(chunked.readAll().text.hasPrefix("HTTP/1.1 413 "))
        let headers = try RawClient(port: stage.port)
        headers.send("GET / HTTP/1.1\r\nx: " + String(repeating: "x", count: 2 << 20))
        #expect(headers.readAll().text.hasPrefix("HTTP/1.1 431 "))
        let exact = try RawClient(port: stage.port)
        exact.send("POST / HTTP/1.1\r\ncontent-length: 1000\r\n\r\n")
        exact.send([UInt8](repeating: 0, count: 1_000))
        #expect(exact.reads(wholeOK))
        #expect(stage.requests.count == 1)
    }

    @Test("Random bytes and cut requests leave the server standing")
    func garbage() throws {
        let stage = try okStage()
        var state: UInt64 = 0x5EED
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let valid = Array(
            "POST /x HTTP/1.1\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\nabcde".utf8)
        for _ in 0..<300 {
            let client = try RawClient(port: stage.port)
            var bytes = Array(valid[..<draw(valid.count)])
            for _ in 0..<draw(4) where !bytes.isEmpty {
                bytes[draw(bytes.count)] = UInt8(draw(256))
            }
            client.send(bytes)
        }
        let client = try RawClient(port: stage.port)
        client.get("/alive")
        #expect(client.reads(wholeOK))
        #expect(stage.requests.last?.target == "/alive")
    }
}
