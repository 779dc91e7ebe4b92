import Cassette
import Faults
import NIOCore

/// A connection to the proxy: which upstream a request is for, and what is no request at all.
extension ReplayConnection {
    /// What a connection came to.
    enum Place {
        case mount(String)
        case proxy(ProxyRoute, ReplayDirectory)
    }

    /// Finds the upstream of a request; the answer, where it is for none.
    ///
    /// A server that is not on the tape is an upstream as well, of which the world will say so.
    func upstream(of request: CollectedRequest) -> Result<String, DirectRefusal> {
        if let wanted = request.upgrade {
            return .failure(DirectRefusal(answer: UpgradeRefusal.answer(wanted)))
        }
        switch place {
        case .mount(let name): return .success(name)
        case .proxy(.tunnel(let target), let directory):
            return .success(directory.name(for: target) ?? target.name)
        case .proxy(.requests, let directory):
            guard let target = request.target ?? Self.tunnelTarget(of: request) else {
                return .failure(.noTarget)
            }
            return .success(directory.name(for: target) ?? target.name)
        }
    }

    /// TLS is to begin in its tunnel; `goOn` follows.
    func asks(upstream: String) {
        owner.asks(self, upstream: upstream)
    }

    /// Lets the handshake that was asked for end so.
    func goOn(_ result: OpeningResult) {
        if door?.goOn(result) == false { endedOutput = true }
    }

    /// The server of a `CONNECT`, whose target has no path.
    private static func tunnelTarget(of request: CollectedRequest) -> ProxyTarget? {
        guard request.request.method == "CONNECT" else { return nil }
        return ProxyTarget(
            authority: String(request.request.target.dropFirst()), isSecure: true)
    }
}

/// What is answered without the world: the same as in a recording, where it is no interaction.
struct DirectRefusal: Error {
    let answer: ByteBuffer

    /// A request to the proxy itself.
    static let noTarget = DirectRefusal(
        answer: GatewayAnswer.bytes(
            status: 400, type: "no_target", message: GatewayAnswer.noTarget))
}
