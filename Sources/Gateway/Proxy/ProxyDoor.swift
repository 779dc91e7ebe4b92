import Faults
import NIOCore

/// What a connection to the proxy turned out to be.
enum ProxyRoute: Hashable, Sendable {
    /// Requests with absolute targets follow, each for a server of its own.
    case requests
    /// A tunnel to this server, which speaks TLS or not.
    case tunnel(ProxyTarget)
}

/// What the proxy does with its connections; called on their loop.
protocol ProxyDoorOwner: AnyObject {
    /// Whether a tunnel to this server is opened; the request is told like any other if not.
    func admits(_ target: ProxyTarget) -> Bool
    /// Whether the handshake with a server waits for leave, which `goOn` brings.
    func asks(before target: ProxyTarget) -> Bool
    /// The TLS settings for a server.
    func security(for target: ProxyTarget, flaw: CertificateFlaw?) throws -> TunnelSecurity
    /// Adds what reads requests to the end of the pipeline.
    func install(_ route: ProxyRoute, on channel: any Channel, door: ProxyDoor) throws
    /// Something came in from the agent, or went out to it.
    func passed(_ door: ProxyDoor)
    /// The connection is no more, and nothing was installed that would say so.
    func closed(_ door: ProxyDoor)
    /// The agent and the proxy could not agree on TLS.
    func failed(_ target: ProxyTarget, _ error: any Error)
}

/// The end of a proxy's pipeline that is next to the socket.
///
/// It answers `CONNECT`, finds out what the agent speaks in the tunnel, and builds the pipeline for
/// it behind itself. It stays, and counts what is written: with TLS only it knows.
final class ProxyDoor: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage {
        /// The first bytes decide: `CONNECT`, or a request like any other.
        case arriving
        /// The tunnel is open; its first byte tells whether TLS is spoken in it.
        case tunnel(ProxyTarget)
        /// TLS is spoken in it, and the handshake waits for leave.
        case asking(ProxyTarget)
        case open
        case over
    }

    /// How long the head of a `CONNECT` may be.
    private static let headBytesMax = 64 << 10
    /// The first byte of every TLS connection: a handshake record.
    private static let handshake: UInt8 = 0x16
    /// A record of TLS with the fatal alert protocol_version (RFC 8446, 6).
    private static let versionAlert: [UInt8] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]

    // Dropped when the connection ends, which breaks the cycle.
    private var owner: (any ProxyDoorOwner)?
    private var context: ChannelHandlerContext?
    private var stage = Stage.arriving
    private var received = ByteBuffer()
    /// All bytes that were written to the socket.
    private(set) var bytesWritten: UInt64 = 0

    private init(owner: any ProxyDoorOwner) {
        self.owner = owner
    }

    @discardableResult
    static func install(on channel: any Channel, owner: any ProxyDoorOwner) throws -> ProxyDoor {
        let door = ProxyDoor(owner: owner)
        try channel.pipeline.syncOperations.addHandler(door)
        return door
    }

    /// Ends the connection without a farewell of TLS, which an agent need not answer.
    func closeAtOnce(promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.succeed()
            return
        }
        context.close(promise: promise)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        owner = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        owner?.passed(self)
        switch stage {
        case .open: return context.fireChannelRead(data)
        case .over: return
        case .arriving, .tunnel, .asking: break
        }
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        advance(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .open = stage { return context.fireChannelReadComplete() }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .open = stage { return context.fireUserInboundEventTriggered(event) }
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .open = stage {} else { owner?.closed(self) }
        stage = .over
        context.fireChannelInactive()
        owner = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        bytesWritten += UInt64(unwrapOutboundIn(data).readableBytes)
        owner?.passed(self)
        context.write(data, promise: promise)
    }

    // MARK: Stages

    private func advance(_ context: ChannelHandlerContext) {
        switch stage {
        case .arriving: readHead(context)
        case .tunnel(let target): lookInside(target, context)
        case .asking, .open, .over: break
        }
    }

    private func readHead(_ context: ChannelHandlerContext) {
        let bytes = received.readableBytesView
        guard ConnectHead.begins(bytes) else { return open(.requests, secured: false, context) }
        guard let head = ConnectHead(bytes) else {
            if bytes.count > Self.headBytesMax { refuse(.headersTooLarge, context) }
            return
        }
        guard let target = head.target else {
            return refuse(
                .malformed("CONNECT names no HOST:PORT"), context)
        }
        // What is not admitted is a request like any other, which the owner hears of.
        guard owner?.admits(target) == true else { return open(.requests, secured: false, context) }
        received.moveReaderIndex(forwardBy: head.byteCount)
        stage = .tunnel(target)
        let answer: StaticString = "HTTP/1.1 200 Connection established\r\n\r\n"
        send(ByteBuffer(staticString: answer), context)
        if received.readableBytes > 0 { advance(context) }
    }

    private func lookInside(_ target: ProxyTarget, _ context: ChannelHandlerContext) {
        guard let first = received.readableBytesView.first else { return }
        let isSecure = first == Self.handshake
        let target = target.secured(isSecure)
        if isSecure, owner?.asks(before: target) == true {
            stage = .asking(target)
        } else {
            open(.tunnel(target), secured: isSecure, context)
        }
    }

    /// Lets the handshake that waits for leave end so; false when the output is over by that.
    func goOn(_ result: OpeningResult) -> Bool {
        guard let context, case .asking(let target) = stage else { return true }
        switch result {
        case .badCertificate(let flaw):
            open(.tunnel(target), secured: true, flaw: flaw, context)
        case .noVersion:
            stage = .over
            send(ByteBuffer(bytes: Self.versionAlert), context)
            context.close(mode: .output, promise: nil)
            return false
        // What fails a thread's step is no matter of a tunnel.
        case .open, .refused, .silent, .noName, .noServer:
            open(.tunnel(target), secured: true, context)
        }
        return true
    }

    /// Builds the pipeline behind this handler, and hands on what came so far.
    private func open(
        _ route: ProxyRoute, secured: Bool, flaw: CertificateFlaw? = nil,
        _ context: ChannelHandlerContext
    ) {
        do {
            stage = .open
            if secured, case .tunnel(let target) = route {
                try owner?.security(for: target, flaw: flaw).install(
                    on: context.channel, door: self
                ) { [weak self] in self?.owner?.failed(target, $0) }
            }
            try owner?.install(route, on: context.channel, door: self)
        } catch {
            stage = .over
            switch (route, error) {
            // The connection is gone, or not wanted any more: that says nothing of the agent.
            case (_, ChannelError.ioOnClosedChannel), (.requests, _): break
            case (.tunnel(let target), _): owner?.failed(target, error)
            }
            return context.close(promise: nil)
        }
        let bytes = received
        received = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    private func refuse(_ rejection: RequestRejection, _ context: ChannelHandlerContext) {
        stage = .over
        send(ByteBuffer(bytes: rejection.answer), context)
        context.close(mode: .output, promise: nil)
    }

    private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        bytesWritten += UInt64(bytes.readableBytes)
        owner?.passed(self)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
}
