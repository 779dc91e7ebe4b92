import Cassette
import Determinism
import Foundation
import Gateway
import Synchronization
import Testing

@Suite("Recording passes requests and answers through")
struct RecordPassingTests {
    static let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

    @Test("The upstream gets the request under its base path, without lines of the connection")
    func forwardsRequest() throws {
        let seen = Mutex<(head: String, body: [UInt8])>(("", []))
        let upstream = try StubUpstream { socket in
            let request = try socket.receiveRequest()
            seen.withLock { $0 = request }
            try socket.send(Self.ok)
        }
        let recorder = try Recorder(upstream, path: "/v1/")
        let sent =
            "POST /chat?a=1 HTTP/1.1\r\nHost: agent\r\nX-Api-Key: secret\r\n"
            + "Connection: close, X-Private\r\nX-Private: 1\r\nTE: trailers\r\n"
            + "Proxy-Authorization: x\r\nAccept-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"
        let (answer, interaction, summary) = try recorder.exchange(sent)

        let (head, body) = seen.withLock { $0 }
        #expect(
            head == "POST /v1/chat?a=1 HTTP/1.1\r\nHost: 127.0.0.1:\(upstream.port)\r\n"
                + "X-Api-Key: secret\r\nAccept-Encoding: identity\r\nContent-Length: 5\r\n\r\n")
        #expect(String(decoding: body, as: UTF8.self) == "hello")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nok"))
        #expect(interaction.request.target == "/chat?a=1")
        #expect(interaction.request.headers.first("host") == "agent")
        #expect(interaction.request.headers.first("accept-encoding") == "gzip")
        #expect(interaction.request.headers.first("te") == "trailers")
        #expect(interaction.request.body == Array("hello".utf8))
        #expect(interaction.response?.status == 200)
        #expect(interaction.response?.headers == [HeaderField("content-length", "2")])
        #expect(interaction.ending == .complete)
        #expect(interaction.agentLeftAfterBytes == nil)
        #expect(summary.isComplete && summary.problems.isEmpty)
        #expect(summary.endings == [.complete: 1])
    }

    @Test("The agent's own encodings are asked for when the options say so")
    func keepsEncoding() throws {
        let seen = Mutex("")
        let upstream = try StubUpstream { socket in
            let head = try socket.receiveRequest().head
            seen.withLock { $0 = head }
            try socket.send(Self.ok)
        }
        let recorder = try Recorder(upstream) { $0.requestIdentityEncoding = false }
        _ = try recorder.exchange(
            "GET / HTTP/1.1\r\nhost: h\r\naccept-encoding: br\r\nconnection: close\r\n\r\n")
        #expect(seen.withLock { $0 }.contains("accept-encoding: br\r\n"))
    }

    @Test("Each chunk reaches the agent before the upstream sends the next one")
    func streamsUnbuffered() throws {
        let gate = Gate()
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try socket.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            for text in ["one", "two", "three"] {
                try gate.pass()
                try socket.send("\(text.utf8.count)\r\n\(text)\r\n")
            }
            try gate.pass()
            try socket.send("0\r\nx-sum: 7\r\n\r\n")
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        _ = try agent.receive(through: "transfer-encoding: chunked\r\n\r\n")
        for text in ["one", "two", "three"] {
            gate.open()
            #expect(
                try agent.receive(through: text + "\r\n") == "\(text.utf8.count)\r\n\(text)\r\n")
        }
        gate.open()
        #expect(try agent.receive(through: "\r\n\r\n") == "0\r\nx-sum: 7\r\n\r\n")
        _ = try recorder.stop()

        let interaction = try recorder.sink.interaction(1)
        #expect(interaction.chunkTexts == ["one", "two", "three"])
        #expect(interaction.response?.trailers == [HeaderField("x-sum", "7")])
        let response = try #require(interaction.response)
        let times = [response.headAt] + response.chunks.map(\.at) + [response.endAt]
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 > .zero })
        #expect(upstream.failures.isEmpty)
    }

    @Test("An upstream is not read while the agent does not read, and later it is")
    func appliesBackPressure() throws {
        let stalled = Gate()
        let accepted = Mutex(0)
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try socket.send("HTTP/1.1 200 OK\r\ncontent-type: x\r\n\r\n")
            socket.limitWaiting(seconds: 1)
            let block = [UInt8](repeating: 0x2E, count: 1 << 18)
            while accepted.withLock({ $0 }) < 200 << 20 {
                guard let count = try? socket.sendSome(block[...]) else { break }
                accepted.withLock { $0 += count }
            }
            stalled.open()
            socket.limitWaiting(seconds: 20)
            try socket.send(block)
            accepted.withLock { $0 += block.count }
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.0\r\n\r\n")
        try stalled.pass()
        // The buffers of the four sockets between the two, and what the recorder holds.
        #expect(accepted.withLock { $0 } < 48 << 20)

        _ = try agent.receive(through: "\r\n\r\n")
        var received = 0
        while case let bytes = try agent.receive(), !bytes.isEmpty { received += bytes.count }
        #expect(received == accepted.withLock { $0 })
        _ = try recorder.stop()
        let interaction = try recorder.sink.interaction(1)
        #expect(interaction.ending == .complete)
        #expect(interaction.response?.body.count == received)
        #expect(upstream.failures.isEmpty)
    }

    @Test("64 requests are under way at once, and each gets its own answer")
    func runsConcurrently() throws {
        let waiting = Mutex(0)
        let all = DispatchSemaphore(value: 0)
        let upstream = try StubUpstream { socket in
            let body = try socket.receiveRequest().body
            let isLast = waiting.withLock { count in
                count += 1
                return count == 64
            }
            if isLast { for _ in 0..<64 { all.signal() } }
            guard all.wait(timeout: .now() + 20) == .success else {
                throw StubError(call: "all", code: ETIMEDOUT)
            }
            try socket.send(
                Array("HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n".utf8) + body)
        }
        let recorder = try Recorder(upstream)
        let agents = try (0..<64).map { _ in try recorder.agent() }
        for (index, agent) in agents.enumerated() {
            let body = "number \(index)"
            try agent.send(
                "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: \(body.count)\r\n\r\n\(body)")
        }
        for (index, agent) in agents.enumerated() {
            let answer = try agent.receive(through: "number \(index)")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
        let summary = try recorder.stop()
        #expect(summary.interactionCount == 64)
        #expect(summary.endings == [.complete: 64])
        for ordinal in 1...64 {
            let interaction = try recorder.sink.interaction(ordinal)
            #expect(interaction.response?.body == interaction.request.body)
        }
        #expect(upstream.failures.isEmpty)
    }

    @Test("A request of 50 MB passes whole and is recorded")
    func takesLargeRequests() throws {
        let size = 50 << 20
        let sums = Mutex<[Int]>([])
        let upstream = try StubUpstream { socket in
            let body = try socket.receiveRequest().body
            sums.withLock { $0.append(body.count) }
            try socket.send(Self.ok)
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: \(size)\r\n\r\n")
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<50 { try agent.send(block) }
        _ = try agent.receive(through: "ok")
        _ = try recorder.stop()
        #expect(sums.withLock { $0 } == [size])
        #expect(try recorder.sink.interaction(1).request.body.count == size)
    }

    @Test("A client that waits for 100 Continue gets it, and the upstream is not asked for it")
    func continues() throws {
        let seen = Mutex("")
        let upstream = try StubUpstream { socket in
            let request = try socket.receiveRequest()
            seen.withLock { $0 = request.head + String(decoding: request.body, as: UTF8.self) }
            try socket.send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + Self.ok)
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send(
            "PUT / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        #expect(try agent.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        try agent.send("hi")
        #expect(try agent.receive(through: "ok").hasPrefix("HTTP/1.1 200 OK"))
        _ = try recorder.stop()
        #expect(!seen.withLock { $0 }.contains("expect"))
        #expect(seen.withLock { $0 }.hasSuffix("hi"))
        #expect(try recorder.sink.interaction(1).response?.status == 200)
    }

    @Test("Requests of one connection, also pipelined ones, are answered in order")
    func keepsAlive() throws {
        let upstream = try StubUpstream { socket in
            let head = try socket.receiveRequest().head
            let name = head.prefix { $0 != "\r" }.split(separator: " ")[1]
            try socket.send(
                "HTTP/1.1 200 OK\r\ncontent-length: \(name.count)\r\n\r\n\(name)")
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("GET /a HTTP/1.1\r\nhost: h\r\n\r\n")
        _ = try agent.receive(through: "\r\n\r\n/a")
        try agent.send(
            "GET /b HTTP/1.1\r\nhost: h\r\n\r\nGET /c HTTP/1.1\r\nhost: h\r\n\r\n")
        _ = try agent.receive(through: "\r\n\r\n/b")
        _ = try agent.receive(through: "\r\n\r\n/c")
        _ = try recorder.stop()
        for (ordinal, target) in zip(1..., ["/a", "/b", "/c"]) {
            let interaction = try recorder.sink.interaction(ordinal)
            #expect(interaction.request.target == target)
            #expect(interaction.bodyText == target)
        }
    }

    @Test("The sink gets the redacted interaction, the agent and the upstream the live bytes")
    func redacts() throws {
        let upstream = try answering("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")
        let recorder = try Recorder(
            upstream,
            redact: { interaction in
                var interaction = interaction
                interaction.response?.chunks = [Chunk(at: .zero, bytes: Array("XXXXXX".utf8))]
                return interaction
            })
        let (answer, interaction, _) = try recorder.exchange()
        #expect(answer.hasSuffix("secret"))
        #expect(interaction.bodyText == "XXXXXX")
    }

    @Test("CONNECT is refused and named")
    func refusesTunnels() throws {
        let upstream = try answering(Self.ok)
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("CONNECT example.test:443 HTTP/1.1\r\nhost: example.test\r\n\r\n")
        #expect(try agent.receiveToEnd().hasPrefix("HTTP/1.1 501 "))
        let summary = try recorder.stop()
        #expect(summary.problems.map(\.kind) == [.rejectedRequest])
        #expect(summary.interactionCount == 0)
    }
}
