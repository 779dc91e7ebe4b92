import Dispatch
import Foundation
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A client over HTTP/2, in a tunnel of the proxy, and the frames that it got.
final class HTTP2Agent: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
    private let host: String
    private let log: FrameLog

    /// Connects, and speaks HTTP/2 whatever the handshake says.
    init(proxyPort: Int, host: String, trusted: String) throws {
        self.host = host
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(trusted)
        configuration.applicationProtocols = ["h2", "http/1.1"]
        let security = try NIOSSLContext(configuration: configuration)
        let log = FrameLog()
        self.log = log
        let opened = group.next().makePromise(of: Void.self)
        channel = try ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TunnelOpener(host, opened))
                }
            }
            .connect(host: "127.0.0.1", port: proxyPort).wait()
        try opened.futureResult.wait()
        let channel = channel
        multiplexer = try channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                NIOSSLClientHandler(context: security, serverHostname: host))
            let multiplexer = try pipeline.configureHTTP2Pipeline(
                mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
            ) { $0.close() }
            try pipeline.addHandler(ConnectionEnd(log))
            return multiplexer
        }.wait()
    }

    /// The frames so far, those of streams with their stream before them.
    var frames: [String] { log.entries }

    /// Sends a request on a stream of its own.
    func send(_ path: String, method: String = "GET", body: String = "") throws {
        let log = log
        let stream = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: stream) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(StreamEnd(log))
            }
        }
        let opened = try stream.futureResult.wait()
        let head = HPACKHeaders([
            (":method", method), (":scheme", "https"), (":authority", host), (":path", path),
        ])
        opened.write(
            HTTP2Frame.FramePayload.headers(.init(headers: head, endStream: body.isEmpty)),
            promise: nil)
        if !body.isEmpty {
            let bytes = IOData.byteBuffer(ByteBuffer(string: body))
            opened.write(
                HTTP2Frame.FramePayload.data(.init(data: bytes, endStream: true)), promise: nil)
        }
        opened.flush()
    }

    /// Waits until a frame is there; false when it does not come within ten seconds.
    func waits(for frame: String) -> Bool { log.waits { $0.contains(frame) } }

    /// Gives up the streams that are under way.
    func cancel() throws {
        try log.reset(on: channel.eventLoop)
    }

    func stop() throws {
        try? channel.close().wait()
        try group.syncShutdownGracefully()
    }
}

/// What the agent got, and whom it can give up.
private final class FrameLog: Sendable {
    private let seen = Mutex<[String]>([])
    private let changed = DispatchSemaphore(value: 0)
    private let streams = Mutex<[any Channel]>([])

    var entries: [String] { seen.withLock { $0 } }

    func note(_ entry: String) {
        seen.withLock { $0.append(entry) }
        changed.signal()
    }

    func add(_ stream: any Channel) { streams.withLock { $0.append(stream) } }

    func reset(on loop: any EventLoop) throws {
        for stream in streams.withLock({ $0 }) { stream.close(promise: nil) }
    }

    func waits(_ isThere: ([String]) -> Bool) -> Bool {
        while !isThere(entries) {
            if changed.wait(timeout: .now() + .seconds(10)) == .timedOut { return false }
        }
        return true
    }
}

/// Asks for the tunnel, and then lets everything through.
private final class TunnelOpener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let host: String
    private let opened: EventLoopPromise<Void>
    private var isOpen = false
    private var answer = ""

    init(_ host: String, _ opened: EventLoopPromise<Void>) {
        self.host = host
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        let request = ByteBuffer(string: "CONNECT \(host):443 HTTP/1.1\r\nhost: \(host)\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isOpen { return context.fireChannelRead(data) }
        answer += String(buffer: unwrapInboundIn(data))
        guard answer.hasSuffix("\r\n\r\n") else { return }
        isOpen = true
        opened.succeed()
    }
}

/// Notes what concerns the connection.
private final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let log: FrameLog

    init(_ log: FrameLog) { self.log = log }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .goAway(let last, let code, _) = unwrapInboundIn(data).payload else { return }
        log.note("goaway \(code.networkCode) last \(Int(last))")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    func channelInactive(context: ChannelHandlerContext) { log.note("closed") }
}

/// Notes the frames of one stream.
private final class StreamEnd: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let log: FrameLog

    init(_ log: FrameLog) { self.log = log }

    func channelActive(context: ChannelHandlerContext) {
        log.add(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let options = context.channel.syncOptions
        let stream = (try? options?.getOption(HTTP2StreamChannelOptions.streamID)).map { Int($0) }
        let name = stream.map(String.init) ?? "?"
        switch unwrapInboundIn(data) {
        case .headers(let part):
            let status = part.headers.first(name: ":status") ?? "trailers"
            log.note("\(name) \(status)\(part.endStream ? " end" : "")")
        case .data(let part):
            guard case .byteBuffer(let bytes) = part.data else { return }
            let count = bytes.readableBytes
            let text = count > 40 ? "…\(count)" : String(buffer: bytes)
            log.note("\(name) \"\(text)\"\(part.endStream ? " end" : "")")
        case .rstStream(let code): log.note("\(name) reset \(code.networkCode)")
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
