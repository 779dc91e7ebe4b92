internal import CStormtape
internal import Cassette
internal import Gateway
internal import WireProtocols
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// One request of the gateway to the bridge, and its answer.
final class MCPBridgeConnection {
    let descriptor: Int32
    /// The message that the body is, once it is whole.
    private(set) var message: MCPMessage?
    private(set) var body: [UInt8] = []
    /// Whether the request is whole.
    private(set) var isComplete = false
    /// Whether its answer is under way.
    private(set) var isOpen = false
    private(set) var isOver = false
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Reads on; true when the request became whole.
    func read() -> Bool {
        guard let bytes = MCPBridge.read(descriptor), !bytes.isEmpty else {
            close()
            return false
        }
        buffer += bytes
        guard let end = HeadEnd.index(in: buffer) else { return false }
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        guard buffer.count - end >= MCPBridgeConnection.length(in: head) else { return false }
        body = Array(buffer[end...])
        message = MCPMessage(bytes: body)
        isComplete = true
        return true
    }

    /// Begins an answer of lines.
    func begin() {
        isOpen = true
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n"
            + "transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        System.write(Array(head.utf8), to: descriptor)
    }

    /// Sends lines of the answer.
    func send(_ lines: [UInt8]) {
        guard isOpen, !lines.isEmpty else { return }
        let size = String(lines.count, radix: 16)
        System.write(Array("\(size)\r\n".utf8) + lines + [0x0D, 0x0A], to: descriptor)
    }

    /// Ends the answer.
    func end() {
        System.write(Array("0\r\n\r\n".utf8), to: descriptor)
        close()
    }

    /// Answers what awaits no answer.
    func accept() {
        let head = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        System.write(Array(head.utf8), to: descriptor)
        close()
    }

    /// Breaks off: by a reset where the server was killed by a signal.
    func abandon(resets: Bool) {
        if resets { stormtape_reset_on_close(descriptor) }
        close()
    }

    private func close() {
        guard !isOver else { return }
        (isOver, isOpen) = (true, false)
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }

    /// How long the body is by the head.
    private static func length(in head: String) -> Int {
        for line in head.split(separator: "\r\n") {
            let field = line.split(separator: ":", maxSplits: 1)
            if field.count == 2, asciiEqual(String(field[0]), "content-length") {
                return Int(field[1].drop { $0 == " " }) ?? 0
            }
        }
        return 0
    }
}
