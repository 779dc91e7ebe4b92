package import Cassette
internal import NIOHTTP1

/// One complete request as a client sent it.
package struct CollectedRequest: Hashable, Sendable {
    /// The method, the target (path and query, starting with a slash), the header lines and
    /// the body without its transfer coding.
    package var request: RecordedRequest
    /// Whether the client speaks HTTP/1.1 and so understands chunked responses.
    package var isVersion11: Bool
    /// Whether the connection stays open after the response.
    ///
    /// When not, the response says `connection: close` and the connection is closed after it.
    package var keepsAlive: Bool
    /// The server of a target in absolute form, as a proxy gets it; nil for any other form.
    package var target: ProxyTarget?
    /// The protocol that the client asks to go on with, other than HTTP; nil for none.
    package var upgrade: String?
}

/// How a client left.
package enum PeerDeparture: Hashable, Sendable {
    /// It will send nothing more but may still read: an orderly end of its output.
    case endOfInput
    /// The connection is gone: reset by the client, or closed on both sides.
    case gone
}

/// A request that cannot be served, and how it is answered.
package struct RequestRejection: Error, Hashable, Sendable {
    /// The status of the answer.
    package var status: Int
    /// The reason phrase of the answer.
    package var reason: String
    /// What is wrong, and what is allowed.
    package var message: String

    /// A request that is not HTTP/1.1.
    static func malformed(_ cause: String) -> RequestRejection {
        RequestRejection(
            status: 400, reason: "Bad Request",
            message: "The request is not well-formed HTTP/1.1 (\(cause)). "
                + "Send plain HTTP/1.1 to this port; TLS and HTTP/2 are not spoken here.")
    }

    /// A header section beyond the limits.
    static let headersTooLarge = RequestRejection(
        status: 431, reason: "Request Header Fields Too Large",
        message: "The header lines of the request are too large: a line may have up to "
            + "\(RequestLimits.headerLineBytesMax) bytes, all lines together up to "
            + "\(RequestLimits.headerBytesMax), and there may be up to "
            + "\(RequestLimits.headerLinesMax) of them.")

    /// A body beyond the limit.
    static func bodyTooLarge(limit: Int) -> RequestRejection {
        RequestRejection(
            status: 413, reason: "Content Too Large",
            message: "The body of the request has more than \(limit) bytes, which is the limit.")
    }

    /// The whole answer; the connection is closed after it.
    var answer: [UInt8] {
        let body = Array((message + "\n").utf8)
        let head =
            "HTTP/1.1 \(status) \(reason)\r\ncontent-type: text/plain; charset=utf-8\r\n"
            + "content-length: \(body.count)\r\nconnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }
}

/// What one request may have.
package enum RequestLimits {
    /// The size of one header line.
    package static let headerLineBytesMax = 1 << 20
    /// The size of all header lines.
    package static let headerBytesMax = 4 << 20
    /// The number of header lines.
    package static let headerLinesMax = 4_096
    /// The size of a body, unless told otherwise.
    package static let bodyBytesMax = 1 << 30
    /// How many requests of one connection may wait for the one before to be answered.
    package static let pipelinedMax = 64

    /// What decoders of requests and answers let pass.
    static let decoder: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerLineBytesMax
        limits.maxHeaderListSize = headerBytesMax
        limits.maxHeaderFieldCount = headerLinesMax
        return limits
    }()
}
