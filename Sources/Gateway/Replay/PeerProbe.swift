import CStormtape
import NIOCore

/// How surely the next chunk waits for the agent to have read the one before.
package enum ChunkPacing: String, Hashable, Sendable {
    /// The kernel says what the agent's socket holds unread.
    case exact
    /// The kernel only says what the agent's end has acknowledged.
    case approximate
}

/// The two addresses of one connection on loopback.
struct ConnectionAddress {
    var client: (address: UInt32, port: UInt16)
    var server: (address: UInt32, port: UInt16)

    /// The addresses of a connection over IPv4; nil for any other.
    init?(_ channel: any Channel) {
        guard let client = Self.parts(channel.remoteAddress),
            let server = Self.parts(channel.localAddress)
        else { return nil }
        self.client = client
        self.server = server
    }

    private static func parts(_ address: SocketAddress?) -> (address: UInt32, port: UInt16)? {
        guard case .v4(let found) = address, let port = address?.port else { return nil }
        return (hostOrder(found.address), UInt16(truncatingIfNeeded: port))
    }
}

/// What the kernel does with bytes between two sockets of this machine.
enum Loopback {
    /// How much of one write is surely sent as one segment: the kernel sends up to half of the
    /// smallest window, 32 KiB, as one.
    static let pieceBytesMax = 16 << 10
    /// So much unread may keep the rest on the sender's side: half of the window that is offered
    /// first.
    static let unreadBytesMax: UInt32 = 32 << 10
}

/// What is known of the agent's end of a connection.
enum PeerState: Equatable {
    /// It was reset, by the agent or because it was closed with bytes unread.
    case gone
    /// No program can read from it any more; so many bytes it left unread, and so many arrived
    /// since the connection began, 0 where the kernel does not say.
    ///
    /// While a program closes a socket with bytes unread, the kernel shows it like this for a
    /// moment before it is gone.
    case closed(unread: UInt32, received: UInt64)
    /// It holds so many bytes unread, so many arrived since the connection began, and the end of
    /// our output did or did not.
    case open(unread: UInt32, received: UInt64, atEnd: Bool)
    /// The kernel did not tell.
    case unknown
}

/// Asks the kernel for the agent's ends of connections.
///
/// Confined to one loop.
final class PeerProbe {
    private static let sockets = DescriptorPool { stormtape_sock_diag_open() }

    private let netlink: CInt
    private let backlog: CInt
    let pacing: ChunkPacing

    /// Finds out with a port that listens whether the kernel answers at all.
    init(listeningPort: Int?) {
        let opened = listeningPort == nil ? -1 : Self.sockets.take()
        let works = listeningPort.map {
            opened >= 0 && stormtape_sock_diag_works(opened, UInt16(truncatingIfNeeded: $0))
        }
        netlink = opened
        backlog = stormtape_backlog_open()
        pacing = works == true ? .exact : .approximate
    }

    deinit {
        if backlog >= 0 { closeDescriptor(backlog) }
        if pacing == .exact {
            Self.sockets.giveBack(netlink)
        } else if netlink >= 0 {
            closeDescriptor(netlink)
        }
    }

    func peer(of address: ConnectionAddress?) -> PeerState {
        guard pacing == .exact, let address else { return .unknown }
        switch ask(address) {
        case .success(let peer):
            return peer.readable
                ? .open(unread: peer.unread, received: peer.received, atEnd: peer.at_end)
                : .closed(unread: peer.unread, received: peer.received)
        case .failure(let failure): return failure.code == -noSuchSocket ? .gone : .unknown
        }
    }

    private struct Refusal: Error {
        let code: CInt
    }

    private func ask(_ address: ConnectionAddress) -> Result<stormtape_peer, Refusal> {
        var peer = stormtape_peer()
        let code = stormtape_sock_diag_peer(
            netlink, address.client.address, address.client.port,
            address.server.address, address.server.port, &peer)
        return code == 0 ? .success(peer) : .failure(Refusal(code: code))
    }

    /// Whether a program listens on a port of loopback; nil where the kernel does not tell.
    func listens(on port: Int) -> Bool? {
        guard pacing == .exact else { return nil }
        return stormtape_sock_diag_listens(netlink, UInt16(truncatingIfNeeded: port))
    }

    /// Whether no packet is under way on this machine, as far as the kernel tells.
    ///
    /// A busy kernel hands what a program sent to its receiver some time after the call.
    func isBacklogEmpty() -> Bool {
        backlog < 0 || stormtape_backlog_is_empty(backlog)
    }

    /// Whether all that the agent sent on the connection is where we can read it.
    func hasReceivedAll(_ channel: any Channel, from address: ConnectionAddress?) -> Bool {
        guard pacing == .exact, let address, case .success(let peer) = ask(address) else {
            return true
        }
        let arrived = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable {
            (socket: NIOBSDSocket.Handle) in stormtape_received(socket)
        }
        guard let arrived, arrived >= 0 else { return true }
        return UInt64(arrived) >= peer.sent
    }

    /// Whether all that was written to the connection left it, where the kernel tells no more.
    func hasAcknowledged(_ channel: any Channel) -> Bool {
        let left = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable {
            (socket: NIOBSDSocket.Handle) in stormtape_unacknowledged(socket)
        }
        // A socket that cannot be asked must not hold the run for ever.
        return (left ?? 0) <= 0
    }
}
