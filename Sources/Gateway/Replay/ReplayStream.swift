import Cassette
import Determinism
import Faults
import NIOCore
import NIOHTTP1
import NIOHTTP2
import Simulation

/// One stream of a connection over HTTP/2: reads one request, and writes the steps of its answer at
/// the instants at which the world says them.
///
/// Under the virtual clock only, so that nothing here waits. Confined to one loop.
final class ReplayStream: ChannelInboundHandler, AnswerCarrier {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    let position: CarrierPosition
    private(set) var upstream = ""
    private(set) var isGone = false

    private let session: HTTP2Session
    private let connection: ReplayConnection
    private let bodyBytesMax: Int
    private let codec = HTTP2FramePayloadToHTTP1ServerCodec()
    private var context: ChannelHandlerContext?
    private var partial: PartialRequest?
    private var exchange: Exchange?

    private struct Exchange {
        var id: ExchangeID?
        var hasNoBody: Bool
        /// What is left to write of a step.
        var rest: ArraySlice<UInt8> = []
    }

    init(_ id: Int, session: HTTP2Session, _ connection: ReplayConnection, bodyBytesMax: Int) {
        position = CarrierPosition(connection: connection.number, stream: id)
        self.session = session
        self.connection = connection
        self.bodyBytesMax = bodyBytesMax
    }

    func install(on channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandlers(codec, self)
    }

    /// Whether a request is complete and its answer is not.
    var isAnswering: Bool { exchange != nil }

    // MARK: From the server

    func begin(_ id: ExchangeID) {
        exchange?.id = id
    }

    func send(_ step: DeliveryStep, after delay: SimDuration) {
        // A step that comes at once behind a long one.
        while writeNextPiece() {}
        guard let current = exchange else { return }
        switch step {
        case .head(let head): write(.head(response(head)))
        case .body(let bytes):
            if !current.hasNoBody { deliver(bytes[...]) }
        case .end(let trailers): end(trailers)
        case .close:
            finish()
            session.endOutput()
        case .reset:
            finish()
            session.reset()
        case .frame(let frame): breakOff(frame)
        }
        if let id = exchange?.id { connection.owner.taken(id) }
    }

    /// Nothing is looked for: the proof finds what became of the connection.
    func lookForDeparture() {}

    func writeNextPiece() -> Bool {
        guard let rest = exchange?.rest, !rest.isEmpty else { return false }
        deliver(rest)
        return true
    }

    func closeAfterAnswer() {
        if isAnswering { session.closeWhenIdle() }
    }

    /// Ends what is under way: the agent gets no more of it, and the world is told.
    func lose() {
        isGone = true
        partial = nil
        guard let left = exchange else { return }
        exchange = nil
        if let id = left.id { connection.owner.departed(id) }
    }

    // MARK: Steps

    /// Writes the next piece of a step; each is one frame.
    private func deliver(_ bytes: ArraySlice<UInt8>) {
        let piece = bytes.prefix(Loopback.pieceBytesMax)
        exchange?.rest = bytes.dropFirst(piece.count)
        if !piece.isEmpty { write(.body(.byteBuffer(ByteBuffer(bytes: piece)))) }
    }

    private func end(_ trailers: HeaderFields) {
        finish()
        let isLast = session.closesAfterAnswers && !session.isAnswering
        if isLast { context?.channel.parent?.holdBack() }
        write(.end(trailers.fields.isEmpty ? nil : Self.lines(trailers)))
        if isLast { session.goAwayInOrder() }
    }

    private func breakOff(_ frame: BreakingFrame) {
        finish()
        let id = position.stream
        switch frame {
        // A client opens streams of odd numbers, from 1.
        case .goAway(let code, let namesStream):
            session.goAway(code, lastStream: namesStream ? id : max(0, id - 2))
        case .resetStream(let code): reset(HTTP2ErrorCode(networkCode: code.number))
        }
    }

    private func reset(_ code: HTTP2ErrorCode) {
        // The codec knows no such frame, and is passed by.
        let beyond = try? context?.pipeline.syncOperations.context(handler: codec)
        beyond?.writeAndFlush(NIOAny(HTTP2Frame.FramePayload.rstStream(code)), promise: nil)
    }

    private func write(_ part: HTTPServerResponsePart) {
        context?.writeAndFlush(wrapOutboundOut(part), promise: nil)
    }

    /// Ends the exchange: nothing of it is left to write.
    private func finish() {
        guard let ended = exchange else { return }
        exchange = nil
        if let id = ended.id { connection.owner.ended(id) }
    }

    private func response(_ head: DeliveryHead) -> HTTPResponseHead {
        var headers = Self.lines(head.headers)
        if case .length(let count) = head.framing {
            headers.add(name: "content-length", value: "\(count)")
        }
        if head.framing == .none { exchange?.hasNoBody = true }
        return HTTPResponseHead(
            version: .http2, status: HTTPResponseStatus(statusCode: head.status), headers: headers)
    }

    private static func lines(_ fields: HeaderFields) -> HTTPHeaders {
        let lines = fields.fields.map { field in
            (
                String(decoding: ResponseEncoder.nameSafe(field.name), as: UTF8.self),
                String(decoding: ResponseEncoder.lineSafe(field.value), as: UTF8.self)
            )
        }
        return HTTPHeaders(lines.filter { !$0.0.isEmpty })
    }

    // MARK: From the agent

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.owner.heard()
        switch unwrapInboundIn(data) {
        case .head(let head):
            partial = PartialRequest(head)
            if head.headers["expect"].contains(where: { asciiEqual($0, "100-continue") }) {
                write(.head(HTTPResponseHead(version: .http2, status: .continue)))
            }
        case .body(let bytes):
            guard (partial?.bodyByteCount ?? 0) + bytes.readableBytes <= bodyBytesMax else {
                return refuse(.bodyTooLarge(limit: bodyBytesMax))
            }
            partial?.append(bytes)
        case .end: complete()
        }
    }

    private func complete() {
        guard let request = partial?.collected else { return }
        partial = nil
        // What is no request for an upstream is nothing that a stream could carry.
        guard case .success(let name) = connection.upstream(of: request) else {
            return reset(.refusedStream)
        }
        upstream = name
        connection.upstream = name
        exchange = Exchange(hasNoBody: request.request.method == "HEAD")
        connection.owner.arrived(request, on: self)
    }

    private func refuse(_ rejection: RequestRejection) {
        guard partial != nil else { return }
        partial = nil
        let body = ByteBuffer(string: rejection.message + "\n")
        let head = HTTPResponseHead(
            version: .http2, status: HTTPResponseStatus(statusCode: rejection.status),
            headers: ["content-type": "text/plain; charset=utf-8"])
        write(.head(head))
        write(.body(.byteBuffer(body)))
        write(.end(nil))
        // The rest of the request is not wanted any more (RFC 9113, 8.1).
        reset(.noError)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A request without the fields that each needs.
        if partial == nil, exchange == nil, !isGone { reset(.protocolError) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose()
        session.ended(self)
    }
}
