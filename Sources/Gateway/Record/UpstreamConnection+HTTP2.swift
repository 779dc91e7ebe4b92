import NIOCore
import NIOHTTP1
import NIOHTTP2

/// HTTP/2 to an upstream that insists on it.
///
/// The connection has one stream, which carries the parts of HTTP/1.1: what is in a frame DATA is a
/// chunk, and what agents get, also in a replay, is HTTP/1.1.
extension UpstreamConnection {
    static func addMultiplexer(to channel: any Channel) throws {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 256 << 10),
        ]
        _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client, connectionConfiguration: configuration,
            streamConfiguration: NIOHTTP2Handler.StreamConfiguration()
        ) { stream in stream.close() }
    }

    /// Opens the stream, and hands it on when a request can be written to it.
    func openStream(
        on connection: any Channel, _ isOpen: @escaping (any Channel) -> Void
    ) throws {
        let pipeline = connection.pipeline.syncOperations
        let multiplexer = try pipeline.handler(type: NIOHTTP2Handler.self).syncMultiplexer()
        try pipeline.addHandler(UpstreamEnd(self))
        let bound = NIOLoopBound(self, eventLoop: hub.loop)
        let opened = multiplexer.createStreamChannel { stream in
            stream.eventLoop.makeCompletedFuture {
                let codec = HTTP2FramePayloadToHTTP1ClientCodec(
                    httpProtocol: bound.value.mount.address.isSecure ? .https : .http)
                try stream.pipeline.syncOperations.addHandlers(codec, bound.value)
                try stream.syncOptions?.setOption(.autoRead, value: bound.value.isReading)
            }
        }
        opened.assumeIsolated().whenComplete { result in
            guard self.phase != .over else { return }
            switch result {
            case .success(let stream): isOpen(stream)
            case .failure(let error): self.failed(error)
            }
        }
    }
}

/// The end of a connection's pipeline, where what concerns all streams comes out.
private final class UpstreamEnd: ChannelInboundHandler {
    typealias InboundIn = Never

    private weak var upstream: UpstreamConnection?

    init(_ upstream: UpstreamConnection) {
        self.upstream = upstream
    }

    func channelInactive(context: ChannelHandlerContext) {
        upstream?.ended()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        upstream?.failed(error)
    }
}
