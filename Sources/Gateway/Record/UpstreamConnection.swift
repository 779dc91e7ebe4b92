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

    enum Phase {
        case connecting
        case securing
        case established
        case over
    }

    private var exchange: RecordingExchange?
    let hub: RecordingHub
    let mount: UpstreamMount
    private let version: UpstreamSecurity.Version
    private(set) var phase = Phase.connecting
    /// What carries the request: the connection, or a stream of it.
    private var channel: (any Channel)?
    private var connection: (any Channel)?
    private var writeError: (any Error)?
    private(set) var isReading = true
    private var lastSign = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(exchange: RecordingExchange, hub: RecordingHub, mount: UpstreamMount) {
        self.exchange = exchange
        self.hub = hub
        self.mount = mount
        version = hub.version(of: mount)
    }

    func connect(sending request: RecordedRequest) {
        let (mount, version) = (mount, version)
        let security: NIOSSLContext?
        do {
            security = try hub.security(of: mount)
        } catch {
            return fail(.unreachable, "\(error)")
        }
        let place = hub.options.detours.place(of: mount.address)
        ClientBootstrap(group: hub.loop)
            .connectTimeout(.nanoseconds(hub.options.connectTimeout.nanoseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Nothing is read before this handler is in its place.
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                // Runs once for each address that is tried, so that `self` cannot be added here.
                channel.eventLoop.makeCompletedFuture {
                    try Self.addSecurity(security, to: channel, mount: mount)
                    switch version {
                    case .one: try Self.addCodecs(to: channel)
                    case .two: try Self.addMultiplexer(to: channel)
                    }
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
        connection?.close(promise: nil)
        connection = nil
        channel = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastSign = .now()
        switch unwrapInboundIn(data) {
        // Over HTTP/1.1 the decoder drops them.
        case .head(let head) where (100..<200).contains(head.status.code) && version == .two: break
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

    func channelInactive(context: ChannelHandlerContext) { ended() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { failed(error) }

    /// The connection is no more.
    func ended() {
        if phase == .securing {
            fail(.unreachable, "the upstream ended the connection during the TLS handshake")
        } else if let writeError {
            fail(.reset, "\(writeError)")
        } else {
            fail(.truncated, "the upstream closed the connection before its answer was whole")
        }
    }

    /// Something went wrong on the connection.
    func failed(_ error: any Error) {
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

    private static func addSecurity(
        _ security: NIOSSLContext?, to channel: any Channel, mount: UpstreamMount
    ) throws {
        guard let security else { return }
        let host = mount.address.host
        let isNumeric = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        // A certificate for a numeric host is compared with the address of the connection.
        try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: security, serverHostname: isNumeric ? nil : host))
    }

    private static func addCodecs(to channel: any Channel) throws {
        var configuration = HTTPRequestEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        let decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, limitConfiguration: RequestLimits.decoder)
        try channel.pipeline.syncOperations.addHandlers(
            HTTPRequestEncoder(configuration: configuration), ByteToMessageHandler(decoder))
    }

    private func connected(_ connection: any Channel, _ request: RecordedRequest) {
        guard phase == .connecting else { return connection.close(promise: nil) }
        self.connection = connection
        lastSign = .now()
        phase = mount.security == nil ? .established : .securing
        do {
            switch version {
            case .one:
                try watchForSigns(on: connection)
                try connection.pipeline.syncOperations.addHandler(self)
                send(request, on: connection)
            case .two: try openStream(on: connection) { self.send(request, on: $0) }
            }
        } catch {
            return fail(.reset, "\(error)")
        }
        guard phase != .over else { return }
        guard connection.isActive else {
            return fail(.reset, "the upstream reset the connection at once")
        }
        watch(phase == .securing ? hub.options.connectTimeout : hub.options.idleTimeout)
        // Of a connection with streams all is read: it has more to say than the answer.
        let reads = version == .two || isReading
        try? connection.syncOptions?.setOption(.autoRead, value: reads)
    }

    /// Begins anew with HTTP/2 when the upstream shows that it speaks nothing else.
    private func watchForSigns(on connection: any Channel) throws {
        let pipeline = connection.pipeline.syncOperations
        let settings = UpstreamSign(.settings) { [weak self] in self?.startOver() }
        guard mount.security != nil else {
            return try pipeline.addHandler(settings, position: .first)
        }
        let alert = UpstreamSign(.alert) { [weak self] in self?.startOver() }
        let security = try pipeline.handler(type: NIOSSLClientHandler.self)
        try pipeline.addHandler(settings, position: .after(security))
        try pipeline.addHandler(alert, position: .first)
    }

    private func startOver() {
        guard phase != .over else { return }
        hub.insists(mount)
        let exchange = exchange
        close()
        exchange?.connect()
    }

    private func send(_ request: RecordedRequest, on channel: any Channel) {
        self.channel = channel
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

    func fail(_ ending: Ending, _ reason: String) {
        guard phase != .over else { return }
        let exchange = exchange
        close()
        exchange?.end(ending, reason: reason)
    }
}
