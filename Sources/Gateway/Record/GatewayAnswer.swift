import Determinism
import NIOCore

/// An answer that the recorder gives itself because the upstream gave none.
enum GatewayAnswer {
    static func bytes(
        status: Int, type: String, message: String, keepsAlive: Bool = false, isHead: Bool = false
    ) -> ByteBuffer {
        let error: JSONValue = [
            "error": [
                "message": .string("stormtape: \(message)"), "type": .string("stormtape_\(type)"),
            ]
        ]
        let body = error.encoded()
        let reasons = [501: "Not Implemented", 502: "Bad Gateway", 504: "Gateway Timeout"]
        var answer = ByteBuffer(
            string: "HTTP/1.1 \(status) \(reasons[status] ?? "")\r\n"
                + "content-type: application/json\r\ncontent-length: \(body.count)\r\n"
                + "connection: \(keepsAlive ? "keep-alive" : "close")\r\n\r\n")
        if !isHead { answer.writeBytes(body) }
        return answer
    }
}
