import Cassette
import NIOCore

/// What a client gets that wants to leave HTTP: a WebSocket cannot be recorded, nor can a tunnel.
enum UpgradeRefusal {
    /// The protocol that the client wants, where it cannot be ignored.
    ///
    /// A client that offers HTTP/2 or TLS goes on with HTTP/1.1 when nobody answers the offer.
    static func refused(_ offers: [String]) -> String? {
        offers.flatMap { $0.split(separator: ",") }
            .map { asciiLowercased($0.filter { $0 != " " && $0 != "\t" }) }
            .first { !$0.isEmpty && !$0.hasPrefix("h2c") && !$0.hasPrefix("tls/") }
    }

    /// What is said about it.
    static func message(_ protocolName: String) -> String {
        "an upgrade to \(protocolName) is not possible here: only HTTP/1.1 is recorded and "
            + "replayed; let the agent use HTTP instead"
    }

    /// The whole answer; the connection is closed after it.
    ///
    /// It is the same in a recording and in a replay, and no interaction of either.
    static func answer(_ protocolName: String) -> ByteBuffer {
        GatewayAnswer.bytes(
            status: 501, type: "no_upgrade", message: message(protocolName))
    }
}
