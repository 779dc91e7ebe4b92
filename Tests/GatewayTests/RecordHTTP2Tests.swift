import Cassette
import Foundation
import Gateway
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A server over TLS that speaks HTTP/2 and nothing else; each stream is answered with these frames.
///
/// It ignores what a client offers in the handshake, as many do, and begins with its settings.
private final class HTTP2Upstream: Sendable {
    enum Step: Sendable {
        case frame(HTTP2Frame.FramePayload)
        /// The end of the connection, without a farewell.
        case cut
    }

    struct Request: Hashable {
        var lines: [String]
        var body: String
    }

    let port: Int
    let certificate: String
    private let folder: String
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let heard = Mutex<[Request]>([])
    var requests: [Request] { heard.withLock { $0 } }

    init(_ steps: [Step]) throws {
        folder = NSTemporaryDirectory() + "stormtape-h2-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let key: String
        (certificate, key) = try TLSUpstream.certificate(names: "DNS:localhost", in: folder)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map {
                .certificate($0)
            }, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.applicationProtocols = ["h2"]
        let context = try NIOSSLContext(configuration: configuration)
        let box = Box()
        let listener = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    _ = try pipeline.configureHTTP2Pipeline(
                        mode: .server, connectionConfiguration: .init(),
                        streamConfiguration: .init()
                    ) { stream in
                        stream.eventLoop.makeCompletedFuture {
                            try stream.pipeline.syncOperations.addHandler(
                                StreamStub(steps) { box.upstream?.note($0) })
                        }
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = listener.localAddress?.port ?? 0
        box.set(self)
    }

    private func note(_ request: Request) { heard.withLock { $0.append(request) } }

    func stop() throws {
        try group.syncShutdownGracefully()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Known to handlers that are made before the object is whole.
    private final class Box: Sendable {
        private let kept = Mutex<HTTP2Upstream?>(nil)
        var upstream: HTTP2Upstream? { kept.withLock { $0 } }
        func set(_ upstream: HTTP2Upstream) { kept.withLock { $0 = upstream } }
    }

    /// One stream of it.
    private final class StreamStub: ChannelInboundHandler {
        typealias InboundIn = HTTP2Frame.FramePayload
        typealias OutboundOut = HTTP2Frame.FramePayload

        private let steps: [Step]
        private let onRequest: (Request) -> Void
        private var request = Request(lines: [], body: "")

        init(_ steps: [Step], onRequest: @escaping (Request) -> Void) {
            self.steps = steps
            self.onRequest = onRequest
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .headers(let part):
                request.lines = part.headers.map { "\($0.name): \($0.value)" }.sorted()
                if part.endStream { answer(context) }
            case .data(let part):
                if case .byteBuffer(let bytes) = part.data {
                    request.body += String(buffer: bytes)
                }
                if part.endStream { answer(context) }
            default: break
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            onRequest(request)
            for step in steps {
                switch step {
                case .frame(let payload):
                    context.writeAndFlush(wrapOutboundOut(payload), promise: nil)
                case .cut: context.channel.parent?.close(promise: nil)
                }
            }
        }
    }
}

extension HTTP2Upstream.Step {
    fileprivate static func head(_ status: String, _ lines: (String, String)...) -> Self {
        .frame(.headers(.init(headers: HPACKHeaders([(":status", status)] + lines))))
    }

    fileprivate static func data(_ text: String, isLast: Bool = false) -> Self {
        .frame(.data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: isLast)))
    }

    fileprivate static func trailers(_ lines: (String, String)...) -> Self {
        .frame(.headers(.init(headers: HPACKHeaders(lines), endStream: true)))
    }
}

@Suite(
    "Recording an upstream that insists on HTTP/2", .enabled(if: TLSUpstream.isAvailable),
    .timeLimit(.minutes(2)))
struct RecordHTTP2Tests {
    private static let request =
        "POST /v1/x?y=1 HTTP/1.1\r\nHost: h\r\nX-Own: Yes\r\nconnection: close\r\n"
        + "content-length: 5\r\n\r\nhello"

    private func record(
        _ steps: [HTTP2Upstream.Step]
    ) throws -> (
        answer: String, interaction: Interaction, summary: RecordingSummary,
        requests: [HTTP2Upstream.Request], port: Int
    ) {
        let upstream = try HTTP2Upstream(steps)
        let recorder = try Recorder("https://localhost:\(upstream.port)/base") {
            $0.trustRoots = [upstream.certificate]
        }
        let (answer, interaction, summary) = try recorder.exchange(Self.request)
        let requests = upstream.requests
        try upstream.stop()
        return (answer, interaction, summary, requests, upstream.port)
    }

    @Test("The request comes through once, and the answer is HTTP/1.1 with a chunk for each frame")
    func streams() throws {
        let found = try record([
            .head("200", ("content-type", "text/event-stream"), ("x-id", "7")), .data("one "),
            .data("two "), .data("three", isLast: true),
        ])
        #expect(found.summary.problems.isEmpty, "\(found.summary.problems)")
        #expect(
            found.requests == [
                HTTP2Upstream.Request(
                    lines: [
                        ":authority: localhost:\(found.port)", ":method: POST",
                        ":path: /base/v1/x?y=1", ":scheme: https", "accept-encoding: identity",
                        "content-length: 5", "x-own: Yes",
                    ], body: "hello")
            ])
        #expect(found.interaction.ending == .complete)
        let response = try #require(found.interaction.response)
        #expect(response.status == 200)
        #expect(response.headers.first("x-id") == "7")
        #expect(found.interaction.bodyText == "one two three")
        #expect(response.chunks.count == 3)
        #expect(found.answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(found.answer.contains("\r\n\r\n4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n"))
    }

    @Test("Lengths, empty answers and trailers stay what they are")
    func forms() throws {
        let sized = try record([
            .head("200", ("content-length", "2")), .data("ok", isLast: true),
        ])
        #expect(sized.answer.contains("\r\ncontent-length: 2\r\n"), "\(sized.answer)")
        #expect(sized.answer.hasSuffix("\r\n\r\nok"))
        let empty = try record([.trailers((":status", "204"))])
        #expect(empty.interaction.response?.status == 204)
        #expect(empty.interaction.ending == .complete)
        let trailed = try record([.head("200"), .data("x"), .trailers(("grpc-status", "0"))])
        #expect(trailed.interaction.response?.trailers.first("grpc-status") == "0")
        #expect(trailed.answer.contains("grpc-status: 0"))
    }

    @Test("An interim answer is passed over, as over HTTP/1.1")
    func interim() throws {
        let found = try record([.head("103"), .head("200"), .data("ok", isLast: true)])
        #expect(found.interaction.response?.status == 200)
        #expect(found.interaction.bodyText == "ok")
    }

    @Test(
        "A stream that is reset is a reset, and a connection that is cut is no whole answer",
        arguments: [true, false])
    func broken(isReset: Bool) throws {
        let last: HTTP2Upstream.Step = isReset ? .frame(.rstStream(.internalError)) : .cut
        let upstream = try HTTP2Upstream([.head("200"), .data("one"), last])
        let recorder = try Recorder("https://localhost:\(upstream.port)") {
            $0.trustRoots = [upstream.certificate]
        }
        let agent = try recorder.agent()
        try agent.send(Self.request)
        var answer: String?
        do {
            answer = try agent.receiveToEnd()
        } catch let error as StubError where error.code == ECONNRESET {}
        _ = try recorder.stop()
        let ending = try recorder.sink.interaction(1).ending
        if isReset { #expect(ending == .reset) }
        #expect([.reset, .truncated].contains(ending))
        #expect(answer?.hasSuffix("0\r\n\r\n") != true)
        try upstream.stop()
    }

    @Test("A second request goes there at once with HTTP/2")
    func remembers() throws {
        let upstream = try HTTP2Upstream([.head("200"), .data("ok", isLast: true)])
        let recorder = try Recorder("https://localhost:\(upstream.port)") {
            $0.trustRoots = [upstream.certificate]
        }
        for _ in 1...2 {
            let agent = try recorder.agent()
            try agent.send(Self.request)
            #expect(try agent.receiveToEnd().hasPrefix("HTTP/1.1 200"))
        }
        #expect(try recorder.stop().problems.isEmpty)
        #expect(upstream.requests.count == 2)
        try upstream.stop()
    }

    @Test("Its certificate is verified as any other")
    func verified() throws {
        let upstream = try HTTP2Upstream([.head("200"), .data("ok", isLast: true)])
        let recorder = try Recorder("https://localhost:\(upstream.port)")
        let (_, interaction, _) = try recorder.exchange(Self.request)
        #expect(interaction.ending == .unreachable)
        #expect(upstream.requests.isEmpty)
        try upstream.stop()
    }
}
