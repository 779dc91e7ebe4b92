import NIOCore
import NIOSSL

/// TLS in a tunnel, as the server that the agent wants to speak to.
struct TunnelSecurity {
    private let context: NIOSSLContext

    init(_ context: NIOSSLContext) {
        self.context = context
    }

    /// Adds TLS behind the door; what reads requests follows.
    func install(
        on channel: any Channel, door: ProxyDoor, onFailure: @escaping (any Error) -> Void
    ) throws {
        try channel.pipeline.syncOperations.addHandlers(
            NIOSSLServerHandler(context: context), TunnelEnd(door, onFailure: onFailure))
    }
}

/// The near end of TLS in a tunnel.
///
/// A connection that is to be closed is closed: the farewell of TLS waits for an answer, and for
/// real time, when none comes.
private final class TunnelEnd: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let door: ProxyDoor
    private let onFailure: (any Error) -> Void

    init(_ door: ProxyDoor, onFailure: @escaping (any Error) -> Void) {
        self.door = door
        self.onFailure = onFailure
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all else { return context.close(mode: mode, promise: promise) }
        door.closeAtOnce(promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? NIOSSLError, case .handshakeFailed = failure {
            onFailure(failure)
        }
        context.fireErrorCaught(error)
    }
}
