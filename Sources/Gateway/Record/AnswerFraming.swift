import Cassette
import NIOCore

/// How an answer is written to the agent, as bytes.
struct AnswerFraming {
    enum Body: Hashable {
        /// The answer is over with its head.
        case none
        case length(Int)
        case chunked
        /// The end of the connection is the end of the body: all that HTTP/1.0 has.
        case untilClose
    }

    let body: Body
    /// Whether the connection ends with the answer.
    let closes: Bool
    private let head: String

    /// Frames the answer of an upstream; `headers` are without those of the connection.
    init(status: Int, reason: String, headers: HeaderFields, to request: CollectedRequest) {
        let length = headers.first("content-length").flatMap { Int($0) }
        let method = request.request.method
        if method == "HEAD" || status == 204 || status == 304 || length == 0 {
            body = .none
        } else if let length {
            body = .length(length)
        } else {
            body = request.isVersion11 ? .chunked : .untilClose
        }
        // The decoder does not read on behind a request that asks for another protocol.
        let asksForUpgrade = request.request.headers.contains("upgrade")
        closes = body == .untilClose || !request.keepsAlive || asksForUpgrade
        var lines = "HTTP/1.1 \(status) \(reason)\r\n"
        for field in headers.fields { lines += "\(field.name): \(field.value)\r\n" }
        if body == .chunked { lines += "transfer-encoding: chunked\r\n" }
        if closes {
            lines += "connection: close\r\n"
        } else if !request.isVersion11 {
            lines += "connection: keep-alive\r\n"
        }
        head = lines + "\r\n"
    }

    var headBytes: ByteBuffer {
        ByteBuffer(string: head)
    }

    /// Body bytes as one write.
    func part(_ bytes: ByteBuffer) -> ByteBuffer {
        guard body == .chunked else { return bytes }
        var framed = ByteBuffer()
        framed.reserveCapacity(bytes.readableBytes + 20)
        framed.writeString(String(bytes.readableBytes, radix: 16) + "\r\n")
        framed.writeImmutableBuffer(bytes)
        framed.writeStaticString("\r\n")
        return framed
    }

    /// What follows the body.
    func end(trailers: HeaderFields) -> ByteBuffer {
        guard body == .chunked else { return ByteBuffer() }
        var text = "0\r\n"
        for field in trailers.fields { text += "\(field.name): \(field.value)\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }
}
