import Determinism
import NIOCore

/// An answer that the recorder gives itself because the upstream gave none.
enum GatewayAnswer {
    /// What is wrong with a request that is for no server.
    static let noTarget =
        "This is a proxy: a request to it names a server, as in GET http://HOST/PATH."

    static func bytes(
        status: Int, type: String, message: String, keepsAlive: Bool = false, isHead: Bool = false
    ) -> ByteBuffer {
        let error: JSONValue = [
            "error": [
                "message": .string("stormtape: \(message)"), "type": .string("stormtape_\(type)"),
            ]
        ]
        let body = error.encoded()
        let reasons = [
            400: "Bad Request", 501: "Not Implemented", 502: "Bad Gateway", 504: "Gateway Timeout",
        ]
        var answer = ByteBuffer(
            string: "HTTP/1.1 \(status) \(reasons[status] ?? "")\r\n"
                + "content-type: application/json\r\ncontent-length: \(body.count)\r\n"
                + "connection: \(keepsAlive ? "keep-alive" : "close")\r\n\r\n")
        if !isHead { answer.writeBytes(body) }
        return answer
    }
}
