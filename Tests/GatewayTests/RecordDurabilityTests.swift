import Cassette
import Determinism
import Foundation
import Gateway
import Synchronization
import Testing

@Suite("An interaction is durable before its answer is whole for the agent")
struct RecordDurabilityTests {
    struct DiskFull: Error {}

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// What the upstream sends, one part after the agent has the one before.
        var parts: [String]
        /// What the agent must not have when the first put is done.
        var mark: String
        var endings: [Ending] = [.complete]
        var isOld = false
        var testDescription: String { name }
    }

    static let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    static let cases = [
        Case(
            name: "known length",
            parts: ["HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc", "def"], mark: "def"),
        Case(name: "no body", parts: ["HTTP/1.1 204 No Content\r\n\r\n"], mark: "HTTP"),
        Case(
            name: "empty body", parts: ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"],
            mark: "HTTP"),
        Case(
            name: "chunks", parts: [chunked + "3\r\nabc\r\n", "0\r\n\r\n"], mark: "0\r\n\r\n"),
        Case(
            name: "end by close", parts: ["HTTP/1.1 200 OK\r\nx: y\r\n\r\nabc"], mark: "end",
            isOld: true),
        Case(
            name: "a mark of the protocol",
            parts: [chunked + "3\r\nabc\r\n", "e\r\ndata: [DONE]\n\n\r\n", "0\r\n\r\n"],
            mark: "DONE", endings: [.inProgress, .complete]),
        Case(
            name: "a mark over two chunks",
            parts: [chunked + "a\r\ndata: [DON\r\n", "4\r\nE]\n\n\r\n", "0\r\n\r\n"],
            mark: "E]", endings: [.inProgress, .complete]),
        Case(
            name: "a cut answer", parts: [chunked + "3\r\nabc\r\n"], mark: "end",
            endings: [.truncated]),
    ]

    @Test("At the first put the agent lacks the bytes that end the answer", arguments: cases)
    func putsFirst(_ example: Case) throws {
        let agentBox = Mutex<StubSocket?>(nil)
        let atPut = Mutex<[(text: String, hasEnded: Bool)]>([])
        let sink = MemorySink { _ in
            guard let agent = agentBox.withLock({ $0 }) else { return }
            atPut.withLock { $0.append(agent.peek()) }
        }
        let gate = Gate()
        let upstream = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            for (index, part) in example.parts.enumerated() {
                if index > 0 { try gate.pass() }
                try socket.send(part)
            }
        }
        let recorder = try Recorder(upstream, sink: sink)
        let agent = try recorder.agent()
        agentBox.withLock { $0 = agent }
        try agent.send(
            example.isOld ? "GET /x HTTP/1.0\r\n\r\n" : Self.request)
        // The agent takes nothing, so that all that has reached it can be looked at in place.
        for _ in example.parts.dropFirst() {
            try wait { !agent.peek().text.isEmpty }
            gate.open()
        }
        try wait { atPut.withLock { !$0.isEmpty } }
        let answer = try agent.receiveToEnd()
        _ = try recorder.stop()

        let first = try #require(atPut.withLock { $0.first })
        if example.mark == "end" {
            #expect(!first.hasEnded)
        } else {
            #expect(!first.text.contains(example.mark))
            #expect(!first.hasEnded)
            #expect(answer.contains(example.mark))
        }
        #expect(sink.puts.map(\.ending) == example.endings)
    }

    static let request = "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"

    private func wait(until isMet: () -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 20)
        while !isMet() {
            guard Date() < deadline else { throw StubError(call: "wait", code: ETIMEDOUT) }
            sched_yield()
        }
    }

    @Test("A sink that fails costs the agent nothing and makes the cassette incomplete")
    func sinkFails() throws {
        let upstream = try answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        let sink = MemorySink { _ in throw DiskFull() }
        let recorder = try Recorder(upstream, sink: sink)
        let agent = try recorder.agent()
        try agent.send(Self.request)
        #expect(try agent.receiveToEnd().hasSuffix("\r\n\r\nok"))
        let summary = try recorder.stop()
        #expect(!summary.isComplete)
        #expect(summary.lossCount == 1)
        let problem = try #require(summary.problems.first)
        #expect(problem.kind == .sinkFailed)
        #expect(problem.ordinal == 1)
        #expect(problem.message.contains("DiskFull"))
    }
}
