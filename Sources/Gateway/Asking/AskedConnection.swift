import CStormtape
import Cassette
import NIOCore
import NIOHTTP1
import NIOPosix
import Simulation

/// One connection to an agent that is a server: one request, one answer.
///
/// Nothing of the agent is told from the kernel's timing: with `inPieces` the connection is made
/// first, and each piece of the request is written only when `writeNextPiece` is called. We never
/// close first, and then by a reset which no program sees any more: the same two ports are free at
/// once for the next run. Confined to one loop.
final class AskedConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private enum Phase {
        case connecting
        case connected
        case sending(ArraySlice<UInt8>)
        case sent
    }

    private unowned let owner: any AskerOwner
    /// Its place in the order of the requests, from 1.
    let number: Int
    private let request: RecordedRequest
    private let inPieces: Bool
    private let counter = ByteCounter()
    private var phase = Phase.connecting
    private var channel: (any Channel)?
    private var address: ConnectionAddress?
    private var reply = Reply(isWhole: false, status: nil)
    /// Whether it is decided what came of the request.
    private var isOver = false

    init(_ request: RecordedRequest, number: Int, inPieces: Bool, owner: any AskerOwner) {
        self.number = number
        self.request = request
        self.inPieces = inPieces
        self.owner = owner
    }

    /// Connects, from a port of our choice unless it is nil.
    func open(to port: Int, from ownPort: Int?, on loop: any EventLoop) throws {
        let bound = NIOLoopBound(self, eventLoop: loop)
        var bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.install(on: channel) }
            }
        if let ownPort {
            bootstrap = bootstrap.bind(
                to: try SocketAddress(ipAddress: "127.0.0.1", port: ownPort))
        }
        let server = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        bootstrap.connect(to: server).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.connected(channel)
            case .failure: self.finish(.refused)
            }
        }
    }

    private func install(on channel: any Channel) throws {
        var configuration = HTTPRequestEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        let decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, limitConfiguration: RequestLimits.decoder)
        try channel.pipeline.syncOperations.addHandlers(
            counter, HTTPRequestEncoder(configuration: configuration),
            ByteToMessageHandler(decoder), self)
    }

    private func connected(_ channel: any Channel) {
        owner.heard()
        self.channel = channel
        address = ConnectionAddress(channel)
        phase = .connected
        if !inPieces { while writeNextPiece() {} }
    }

    // MARK: The request

    /// Writes the next piece of the request; false when there is none.
    func writeNextPiece() -> Bool {
        guard let channel, !isOver else { return false }
        let rest: ArraySlice<UInt8>
        switch phase {
        case .connecting, .sent: return false
        case .connected:
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            rest = request.body[...]
        case .sending(let left): rest = left
        }
        let piece = rest.prefix(Loopback.pieceBytesMax)
        if !piece.isEmpty {
            let body = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: piece)))
            channel.write(body, promise: nil)
        }
        let left = rest.dropFirst(piece.count)
        phase = left.isEmpty ? .sent : .sending(left)
        if left.isEmpty { channel.write(HTTPClientRequestPart.end(nil), promise: nil) }
        channel.flush()
        return true
    }

    private var head: HTTPRequestHead {
        var headers = HTTPHeaders(request.headers.fields.map { ($0.name, $0.value) })
        if !headers.contains(name: "host"), let port = channel?.remoteAddress?.port {
            headers.add(name: "host", value: "127.0.0.1:\(port)")
        }
        if !request.body.isEmpty || !["GET", "HEAD"].contains(request.method) {
            headers.add(name: "content-length", value: "\(request.body.count)")
        }
        headers.add(name: "connection", value: "close")
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method),
            uri: request.target, headers: headers)
    }

    // MARK: The proof

    /// Whether all that was written is where the agent can read it.
    func hasArrived() -> Bool {
        // Of a socket that the agent closed the kernel may not say any more what arrived.
        guard !isOver else { return true }
        guard let channel else { return false }
        switch owner.probe.peer(of: address) {
        case .gone: return true
        case .closed(let unread, let received), .open(let unread, let received, _):
            return received >= counter.bytesWritten || unread >= Loopback.unreadBytesMax
        case .unknown: return owner.probe.hasAcknowledged(channel)
        }
    }

    /// Whether all that the agent sent is where we can read it.
    func hasReceivedAll() -> Bool {
        guard let channel, !isOver else { return true }
        return owner.probe.hasReceivedAll(channel, from: address)
    }

    // MARK: The answer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        owner.heard()
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            reply.status = Int(head.status.code)
            reply.headers = HeaderFields(head.headers.map { HeaderField($0.name, $0.value) })
        case .body(let bytes):
            reply.body += bytes.readableBytesView
            if reply.body.count > Self.bodyBytesMax { finish(reply) }
        case .end:
            reply.isWhole = true
            finish(reply)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        owner.heard()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // What the decoder made of the end came before.
        if event as? ChannelEvent == .inputClosed { finish(reply) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(reply)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(reply)
    }

    private func finish(_ reply: Reply) {
        owner.heard()
        guard !isOver else { return }
        isOver = true
        var reply = reply
        reply.ask = number
        owner.replied(reply)
    }

    private static let bodyBytesMax = 64 << 20

    // MARK: The end

    /// Whether neither side has a use for it any more.
    func isSpent() -> Bool {
        guard isOver else { return false }
        guard let channel, channel.isActive else { return true }
        switch owner.probe.peer(of: address) {
        case .gone, .closed: return true
        case .open, .unknown: return false
        }
    }

    /// Resets the connection without a report.
    func drop() {
        isOver = true
        // A socket that is gone cannot be reset, and need not be.
        _ = try? channel?.pipeline.syncOperations.withUnsafeTransportIfAvailable {
            (socket: NIOBSDSocket.Handle) in stormtape_reset_on_close(socket)
        }
        channel?.close(promise: nil)
        channel = nil
    }
}

/// Counts the bytes that go out.
private final class ByteCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private(set) var bytesWritten: UInt64 = 0

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        bytesWritten += UInt64(unwrapOutboundIn(data).readableBytes)
        context.write(data, promise: promise)
    }
}
