import Cassette
import Determinism
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The connection that carries one request to its upstream.
///
/// Each request has one of its own: a pooled connection that went stale would have to be told
/// apart from an upstream that resets, and a side-effecting request must not be sent twice.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum Phase {
        case connecting
        case securing
        case established
        case over
    }

    private var exchange: RecordingExchange?
    private let hub: RecordingHub
    private let mount: UpstreamMount
    private var phase = Phase.connecting
    private var channel: (any Channel)?
    private var writeError: (any Error)?
    private var isReading = true
    private var lastSign = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(exchange: RecordingExchange, hub: RecordingHub, mount: UpstreamMount) {
        self.exchange = exchange
        self.hub = hub
        self.mount = mount
    }

    func connect(sending request: RecordedRequest) {
        let mount = mount
        let place = hub.options.detours.place(of: mount.address)
        ClientBootstrap(group: hub.loop)
            .connectTimeout(.nanoseconds(hub.options.connectTimeout.nanoseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Nothing is read before this handler is in its place.
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                // Runs once for each address that is tried, so that `self` cannot be added here.
                channel.eventLoop.makeCompletedFuture {
                    try Self.addCodecs(to: channel, mount: mount)
                }
            }
            .connect(host: place.host, port: place.port)
            .assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel): self.connected(channel, request)
                case .failure(let error):
                    self.fail(.unreachable, UnreachableReason.describe(error))
                }
            }
    }

    /// Pauses or resumes reading: back-pressure of an agent that does not read.
    func setReading(_ wanted: Bool) {
        guard wanted != isReading, phase != .over else { return }
        isReading = wanted
        lastSign = .now()
        // Fails only when the channel is closed, which is reported by itself.
        try? channel?.syncOptions?.setOption(.autoRead, value: wanted)
    }

    func close() {
        phase = .over
        exchange = nil
        timer?.cancel()
        channel?.close(promise: nil)
        channel = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastSign = .now()
        switch unwrapInboundIn(data) {
        case .head(let head):
            exchange?.arrived(
                status: Int(head.status.code), reason: head.status.reasonPhrase,
                headers: HeaderFields(head.headers.map { HeaderField($0.name, $0.value) }))
        case .body(let bytes): exchange?.arrived(bytes)
        case .end(let trailers):
            let lines = trailers.map { $0.map { HeaderField($0.name, $0.value) } } ?? []
            exchange?.arrivedAtEnd(trailers: HeaderFields(lines))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if phase == .securing {
            fail(.unreachable, "the upstream ended the connection during the TLS handshake")
        } else if let writeError {
            fail(.reset, "\(writeError)")
        } else {
            fail(.truncated, "the upstream closed the connection before its answer was whole")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if phase == .securing {
            return fail(.unreachable, UnreachableReason.describe(error))
        }
        switch error {
        case HTTPParserError.invalidEOFState, NIOSSLError.uncleanShutdown:
            fail(.truncated, "the upstream closed the connection before its answer was whole")
        case let error as HTTPParserError:
            fail(.truncated, "the upstream's answer is not HTTP/1.1 (\(error))")
        case let error as IOError where error.errnoCode == ETIMEDOUT:
            fail(.timedOut, "\(error)")
        default: fail(.reset, "\(error)")
        }
    }

    private static func addCodecs(to channel: any Channel, mount: UpstreamMount) throws {
        let pipeline = channel.pipeline.syncOperations
        if let security = mount.security {
            let host = mount.address.host
            let isNumeric = (try? SocketAddress(ipAddress: host, port: 0)) != nil
            // A certificate for a numeric host is compared with the address of the connection.
            try pipeline.addHandler(
                NIOSSLClientHandler(context: security, serverHostname: isNumeric ? nil : host))
        }
        var configuration = HTTPRequestEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        try pipeline.addHandler(HTTPRequestEncoder(configuration: configuration))
        let decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, limitConfiguration: RequestLimits.decoder)
        try pipeline.addHandler(ByteToMessageHandler(decoder))
    }

    private func connected(_ channel: any Channel, _ request: RecordedRequest) {
        guard phase == .connecting else { return channel.close(promise: nil) }
        self.channel = channel
        lastSign = .now()
        phase = mount.security == nil ? .established : .securing
        do {
            try channel.pipeline.syncOperations.addHandler(self)
        } catch {
            return fail(.reset, "\(error)")
        }
        send(request, on: channel)
        guard phase != .over else { return }
        guard channel.isActive else {
            return fail(.reset, "the upstream reset the connection at once")
        }
        watch(phase == .securing ? hub.options.connectTimeout : hub.options.idleTimeout)
        try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    private func send(_ request: RecordedRequest, on channel: any Channel) {
        let headers = HopByHop.forwarded(
            request, to: mount.address, identityEncoding: hub.options.requestIdentityEncoding)
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method),
            uri: mount.address.target(for: request.target),
            headers: HTTPHeaders(headers.fields.map { ($0.name, $0.value) }))
        channel.write(HTTPClientRequestPart.head(head)).assumeIsolated().whenComplete { result in
            self.sentHead(result)
        }
        if !request.body.isEmpty {
            let body = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: request.body)))
            channel.write(body, promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil)).assumeIsolated()
            .whenFailure { self.writeError = self.writeError ?? $0 }
    }

    /// The head leaves when the TLS handshake is done, so that this is the sign of it.
    private func sentHead(_ result: Result<Void, any Error>) {
        switch result {
        case .success where phase == .securing:
            phase = .established
            lastSign = .now()
            watch(hub.options.idleTimeout)
        case .success: break
        case .failure(let error): writeError = writeError ?? error
        }
    }

    /// Gives up when there is no sign of the upstream for so long.
    private func watch(_ limit: SimDuration) {
        timer?.cancel()
        let limitAmount = TimeAmount.nanoseconds(limit.nanoseconds)
        timer = hub.loop.assumeIsolated().scheduleTask(deadline: lastSign + limitAmount) {
            self.checkSilence(limit, limitAmount)
        }
    }

    private func checkSilence(_ limit: SimDuration, _ limitAmount: TimeAmount) {
        // While we do not read, the silence is ours.
        if !isReading { lastSign = .now() }
        guard lastSign + limitAmount <= .now() else { return watch(limit) }
        let span = "within \(limit.nanoseconds / 1_000_000) ms"
        if phase == .securing {
            fail(.unreachable, "the TLS handshake was not done \(span)")
        } else {
            fail(.timedOut, "nothing came from the upstream \(span)")
        }
    }

    private func fail(_ ending: Ending, _ reason: String) {
        guard phase != .over else { return }
        let exchange = exchange
        close()
        exchange?.end(ending, reason: reason)
    }
}
