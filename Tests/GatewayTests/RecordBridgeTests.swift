import Cassette
import Gateway
import Testing

@Suite("Recording a server behind a pipe")
struct RecordBridgeTests {
    /// More than the kernel keeps for all the connections on the way.
    private static let byteCount = 12 << 20

    @Test("An answer of any length is taken from the bridge, which reads it only after")
    func longAnswer() throws {
        let written = Gate()
        let bridge = try StubUpstream { socket in
            _ = try socket.receiveRequest()
            try socket.send("HTTP/1.1 200 OK\r\ncontent-length: \(Self.byteCount)\r\n\r\n")
            try socket.send([UInt8](repeating: UInt8(ascii: "."), count: Self.byteCount))
            written.open()
        }
        let recorder = try Recorder("stdio:")
        let agent = try recorder.agent()
        try agent.send(
            "POST / HTTP/1.1\r\nhost: h\r\n\(BridgedUpstream.header): \(bridge.port)\r\n"
                + "content-length: 2\r\nconnection: close\r\n\r\n{}")
        try written.pass()
        _ = try agent.receive(through: "\r\n\r\n")
        #expect(try agent.receive(count: Self.byteCount).allSatisfy { $0 == UInt8(ascii: ".") })
        _ = try recorder.stop()
        #expect(try recorder.sink.interaction(1).ending == .complete)
        #expect(bridge.failures.isEmpty)
    }
}
