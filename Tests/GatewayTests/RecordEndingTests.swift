import Cassette
import Determinism
import Foundation
import Gateway
import Testing

@Suite("Recording keeps how an interaction ended")
struct RecordEndingTests {
    static let chunkedHead = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    @Test("A reset before the answer resets the agent's connection")
    func resetBefore() throws {
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            socket.reset()
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        let failure = #expect(throws: StubError.self) { try agent.receive() }
        #expect(failure?.code == ECONNRESET)
        _ = try recorder.stop()
        let interaction = try recorder.sink.interaction(1)
        #expect(interaction.ending == .reset)
        #expect(interaction.response == nil)
    }

    @Test(
        "A reset in the body reaches the agent after the bytes before it", arguments: [true, false])
    func resetInside(chunked: Bool) throws {
        let gate = Gate()
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try socket.send(
                chunked
                    ? Self.chunkedHead + "3\r\nabc\r\n" : "HTTP/1.1 200 OK\r\nx: y\r\n\r\nabc")
            try gate.pass()
            socket.reset()
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        _ = try agent.receive(through: "abc\r\n")
        gate.open()
        let failure = #expect(throws: StubError.self) { try agent.receive() }
        #expect(failure?.code == ECONNRESET)
        let summary = try recorder.stop()
        let interaction = try recorder.sink.interaction(1)
        #expect(interaction.ending == .reset)
        #expect(interaction.chunkTexts == ["abc"])
        #expect(summary.endings == [.reset: 1])
        #expect(interaction.agentLeftAfterBytes == nil)
    }

    static let cuts = [
        "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc",
        chunkedHead + "3\r\nabc\r\n", chunkedHead + "9\r\nabc", "garbage\r\n\r\n",
        chunkedHead + "3\r\nabc\r\nZZ\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    ]

    @Test("An answer that is cut or broken ends the agent's connection unfinished", arguments: cuts)
    func truncates(_ answer: String) throws {
        let upstream = try answering(answer)
        let (received, interaction, summary) = try Recorder(upstream).exchange(
            "GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        #expect(interaction.ending == .truncated)
        #expect(summary.problems.map(\.kind) == [.brokenResponse])
        #expect(summary.isComplete)
        #expect(interaction.bodyText == (answer.contains("abc") ? "abc" : ""))
        #expect(received.contains("abc") == answer.contains("abc"))
        #expect(!received.hasSuffix("0\r\n\r\n"))
        #expect((interaction.response == nil) == !received.hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test("A silent upstream times out: 504 before the answer, an unfinished body within it")
    func timesOut() throws {
        for head in ["", Self.chunkedHead + "3\r\nabc\r\n"] {
            let gate = Gate()
            let upstream = try StubUpstream { socket in
                _ = try socket.receiveRequest()
                try socket.send(head)
                try gate.pass()
            }
            let recorder = try Recorder(upstream) { $0.idleTimeout = .milliseconds(150) }
            let (answer, interaction, summary) = try recorder.exchange()
            gate.open()
            #expect(interaction.ending == .timedOut)
            #expect(summary.problems.map(\.kind) == [.timedOut])
            if head.isEmpty {
                #expect(answer.hasPrefix("HTTP/1.1 504 "))
                #expect(interaction.response == nil)
            } else {
                #expect(answer.hasSuffix("\r\n\r\n3\r\nabc\r\n"))
                #expect(interaction.chunkTexts == ["abc"])
            }
        }
    }

    @Test("An upstream that cannot be reached gives 502 with the cause, and is recorded so")
    func unreachable() throws {
        let port: Int = try {
            // Bound once and closed: nobody listens there.
            let upstream = try answering("")
            return upstream.port
        }()
        let recorder = try Recorder("http://127.0.0.1:\(port)/v1")
        let agent = try recorder.agent()
        for _ in 1...2 {
            try agent.send("POST /x HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\n\r\n{")
            let head = try agent.receive(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
            let body = try agent.receive(through: "}}")
            #expect(
                body.hasPrefix(#"{"error":{"message":"stormtape: upstream up is unreachable: "#))
            #expect(body.contains("refused"))
        }
        let summary = try recorder.stop()
        #expect(summary.endings == [.unreachable: 2])
        #expect(summary.problems.allSatisfy { $0.kind == .unreachable && !$0.losesData })
        let interaction = try recorder.sink.interaction(2)
        #expect(interaction.ending == .unreachable)
        #expect(interaction.response == nil)
        #expect(!interaction.succeeded)
    }

    @Test("A body beyond the limit reaches the agent, and the cassette is called incomplete")
    func overflows() throws {
        let upstream = try answering(
            Self.chunkedHead + "4\r\nabcd\r\n4\r\nefgh\r\n0\r\n\r\n")
        let recorder = try Recorder(upstream) { $0.responseBytesMax = 5 }
        let (answer, interaction, summary) = try recorder.exchange()
        #expect(answer.hasSuffix("4\r\nabcd\r\n4\r\nefgh\r\n0\r\n\r\n"))
        #expect(interaction.ending == .inProgress)
        #expect(interaction.bodyText == "abcd")
        #expect(summary.lossCount == 1)
        #expect(!summary.isComplete)
        #expect(summary.problems.first?.kind == .responseTooLarge)
    }

    @Test("What is open at the end is stored as in progress")
    func stopsInside() throws {
        let gate = Gate()
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try socket.send(Self.chunkedHead + "3\r\nabc\r\n")
            try gate.pass()
        }
        let recorder = try Recorder(upstream) { $0.drainTimeout = .zero }
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        _ = try agent.receive(through: "abc")
        let summary = try recorder.stop()
        gate.open()
        #expect(summary.openOrdinals == [1] || summary.endings == [.inProgress: 1])
        let interaction = try recorder.sink.interaction(1)
        #expect(interaction.ending == .inProgress)
        #expect(interaction.chunkTexts == ["abc"])
        #expect(interaction.agentLeftAfterBytes == 3)
    }
}
