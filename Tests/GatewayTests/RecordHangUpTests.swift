import Cassette
import Determinism
import Gateway
import Testing

@Suite("Recording reads on when the agent hangs up")
struct RecordHangUpTests {
    static let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    enum Departure: CaseIterable {
        case close
        case reset
    }

    /// An agent that leaves after the first chunk, while the upstream sends `rest` later.
    private func leave(
        _ departure: Departure, rest: [String],
        configure: (inout RecordingOptions) -> Void = { _ in }
    ) throws -> (Interaction, RecordingSummary) {
        let gate = Gate()
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try socket.send(Self.head + "5\r\nfirst\r\n")
            try gate.pass()
            for part in rest { try socket.send(part) }
        }
        let recorder = try Recorder(upstream, configure: configure)
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        _ = try agent.receive(through: "first\r\n")
        switch departure {
        case .close: agent.close()
        case .reset: agent.reset()
        }
        gate.open()
        let summary = try recorder.stop()
        return (try recorder.sink.interaction(1), summary)
    }

    @Test(
        "What the agent got and what followed are both kept",
        arguments: Departure.allCases,
        [["6\r\nsecond\r\n0\r\n\r\n"], ["6\r\nsecond\r\n", "0\r\n\r\n"]])
    func keepsBoth(_ departure: Departure, rest: [String]) throws {
        let (interaction, summary) = try leave(departure, rest: rest)
        #expect(interaction.ending == .complete)
        #expect(interaction.bodyText == "firstsecond")
        #expect(interaction.agentLeftAfterBytes == 5)
        #expect(summary.agentLeftCount == 1)
        #expect(summary.endings == [.complete: 1])
        #expect(summary.isComplete)
    }

    @Test("Reading on ends at the limit of bytes")
    func limitsBytes() throws {
        let block = "10000\r\n" + String(repeating: ".", count: 1 << 16) + "\r\n"
        let (interaction, summary) = try leave(
            .reset, rest: Array(repeating: block, count: 4) + ["0\r\n\r\n"]
        ) { $0.drainBytesMax = 1 << 16 }
        #expect(interaction.ending == .inProgress)
        #expect(interaction.agentLeftAfterBytes == 5)
        #expect(interaction.bodyText.utf8.count > 1 << 16)
        #expect(interaction.bodyText.utf8.count < 1 << 18)
        #expect(summary.problems.map(\.kind) == [.drainLimit])
        #expect(summary.isComplete)
    }

    @Test("An agent that only ends its input gets the whole answer and has not left")
    func halfCloses() throws {
        let gate = Gate()
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try gate.pass()
            try socket.send(Self.head + "5\r\nfirst\r\n0\r\n\r\n")
        }
        let recorder = try Recorder(upstream)
        let agent = try recorder.agent()
        try agent.send("GET /x HTTP/1.1\r\nhost: h\r\n\r\n")
        agent.endOutput()
        gate.open()
        #expect(try agent.receiveToEnd().hasSuffix("\r\n5\r\nfirst\r\n0\r\n\r\n"))
        let summary = try recorder.stop()
        #expect(try recorder.sink.interaction(1).agentLeftAfterBytes == nil)
        #expect(summary.agentLeftCount == 0)
    }
}
