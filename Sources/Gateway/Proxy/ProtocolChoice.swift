import NIOCore
import NIOTLS

/// Waits for the end of a TLS handshake in which HTTP/2 was offered, and has the pipeline built for
/// what the agent took.
final class ProtocolChoice: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The name of HTTP/2 in the handshake (RFC 9113, 3.1).
    static let http2 = "h2"

    // Dropped when it was called or the connection ends, which breaks the cycle.
    private var build: ((_ isHTTP2: Bool) throws -> Void)?
    private let onUnused: () -> Void

    private init(
        build: @escaping (_ isHTTP2: Bool) throws -> Void, onUnused: @escaping () -> Void
    ) {
        self.build = build
        self.onUnused = onUnused
    }

    /// `onUnused` is called when the connection ends and nothing was built that would say so.
    static func install(
        on channel: any Channel, build: @escaping (_ isHTTP2: Bool) throws -> Void,
        onUnused: @escaping () -> Void
    ) throws {
        try channel.pipeline.syncOperations.addHandler(
            ProtocolChoice(build: build, onUnused: onUnused))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let build else { return context.fireUserInboundEventTriggered(event) }
        if case .handshakeCompleted(let taken)? = event as? TLSUserEvent {
            do {
                try build(taken == Self.http2)
                self.build = nil
            } catch {
                context.close(promise: nil)
            }
        } else if event as? ChannelEvent == .inputClosed {
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard build != nil else { return context.fireChannelReadComplete() }
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if build != nil { onUnused() }
        build = nil
        context.fireChannelInactive()
    }
}
