package import NIOCore
package import NIOHTTP1
import Cassette

/// What a server does with the requests of one connection; called on the connection's loop.
package protocol RequestCollectorDelegate: AnyObject {
    /// A request is complete. No other one of this connection follows until
    /// `RequestCollector.responseEnded()` is called.
    func collector(_ collector: RequestCollector, completed request: CollectedRequest)

    /// The client left; reported at once, also while a response is under way. `endOfInput` may
    /// be followed by `gone`; each comes at most once.
    func collector(_ collector: RequestCollector, peerLeft departure: PeerDeparture)

    /// A request could not be served; the collector answers it itself and closes.
    func collector(_ collector: RequestCollector, rejected rejection: RequestRejection)

    /// Something came from the client, be it a part of a request or the end of its output.
    func collectorHeard(_ collector: RequestCollector)
}

extension RequestCollectorDelegate {
    /// Most do not care for parts.
    package func collectorHeard(_ collector: RequestCollector) {}
}

/// Collects the complete requests of one connection, one at a time.
///
/// It stands behind `ByteToMessageHandler(HTTPRequestDecoder(...))` and below no encoder:
/// responses are written to the channel as raw bytes. `install(on:delegate:)` builds the pipeline.
package final class RequestCollector: ChannelInboundHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundOut = ByteBuffer

    private let bodyBytesMax: Int
    // Strong, and dropped when the connection ends, which breaks the cycle.
    private var delegate: (any RequestCollectorDelegate)?
    private var context: ChannelHandlerContext?
    private var partial: PartialRequest?
    private var waiting: [CollectedRequest] = []
    private var rejection: RequestRejection?
    private var isAnswering = false
    private var isClosing = false
    private var sawEndOfInput = false
    /// Whether nothing is read because too many requests wait.
    private(set) var readsAreHeld = false

    /// All bytes that were written to the connection.
    package private(set) var bytesWritten: UInt64 = 0

    package init(
        delegate: any RequestCollectorDelegate, bodyBytesMax: Int = RequestLimits.bodyBytesMax
    ) {
        self.delegate = delegate
        self.bodyBytesMax = bodyBytesMax
    }

    /// The channel of the connection; nil once it is gone.
    package var channel: (any Channel)? { context?.channel }

    /// Adds the decoder and a collector to a fresh channel, on its loop.
    @discardableResult
    package static func install(
        on channel: any Channel, delegate: any RequestCollectorDelegate,
        bodyBytesMax: Int = RequestLimits.bodyBytesMax
    ) throws -> RequestCollector {
        let collector = RequestCollector(delegate: delegate, bodyBytesMax: bodyBytesMax)
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes, limitConfiguration: RequestLimits.decoder)
        try channel.pipeline.syncOperations.addHandlers(
            ByteToMessageHandler(decoder), collector)
        return collector
    }

    /// Says that the response is over; the next request of the connection may now be reported.
    package func responseEnded() {
        guard isAnswering, let context else { return }
        isAnswering = false
        advance(context)
        sendContinueIfDue(context)
        if waiting.count < RequestLimits.pipelinedMax / 2 { resumeReading(context) }
    }

    /// Writes bytes of a response in one write.
    package func write(_ bytes: ByteBuffer) {
        guard let context else { return }
        bytesWritten += UInt64(bytes.readableBytes)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    /// Keeps what is written from now on in the kernel until the output ends, so that the last bytes
    /// and the end of the output go in one segment.
    package func holdBack() {
        context?.channel.holdBack()
    }

    /// Ends our output (FIN) after what was written.
    ///
    /// Requests that still come are ignored; the connection goes when the client closes its side.
    package func close() {
        guard !isClosing, let context else { return }
        isClosing = true
        guard !sawEndOfInput else { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        resumeReading(context)
    }

    /// Resets the connection (RST).
    package func reset() {
        guard let context else { return }
        isClosing = true
        context.channel.resetOnClose()
        context.close(promise: nil)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        delegate = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        delegate?.collectorHeard(self)
        guard rejection == nil, !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): append(bytes, context)
        case .end: complete(context)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        // Also when no part of a request was whole.
        delegate?.collectorHeard(self)
        // Auto-read is off, so that a client that pipelines without end cannot fill the memory.
        readsAreHeld = !isClosing && waiting.count >= RequestLimits.pipelinedMax
        if !readsAreHeld { context.read() }
    }

    package func channelActive(context: ChannelHandlerContext) {
        context.read()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed, !sawEndOfInput else {
            return
        }
        sawEndOfInput = true
        delegate?.collector(self, peerLeft: .endOfInput)
        if isClosing || !isAnswering { context.close(promise: nil) }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        delegate?.collector(self, peerLeft: .gone)
        delegate = nil
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset reaches us as an I/O error and then as `channelInactive`, which reports it.
        guard let failure = error as? HTTPParserError, !sawEndOfInput else { return }
        let tooLarge = failure == .headerOverflow
        reject(tooLarge ? .headersTooLarge : .malformed("\(failure)"), context)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var request = PartialRequest(head)
        if let announced = head.headers.first(name: "content-length").flatMap({ Int($0) }) {
            guard announced <= bodyBytesMax else {
                return reject(.bodyTooLarge(limit: bodyBytesMax), context)
            }
            request.reserve(min(announced, 64 << 20))
        }
        partial = request
        sendContinueIfDue(context)
    }

    private func append(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let total = (partial?.bodyByteCount ?? 0) + bytes.readableBytes
        guard total <= bodyBytesMax else {
            return reject(.bodyTooLarge(limit: bodyBytesMax), context)
        }
        partial?.append(bytes)
    }

    private func complete(_ context: ChannelHandlerContext) {
        guard let request = partial?.collected else { return }
        partial = nil
        waiting.append(request)
        advance(context)
    }

    private func reject(_ rejection: RequestRejection, _ context: ChannelHandlerContext) {
        guard self.rejection == nil else { return }
        self.rejection = rejection
        partial = nil
        advance(context)
    }

    /// Reports the next request, or ends the connection when none can follow.
    private func advance(_ context: ChannelHandlerContext) {
        guard !isAnswering, !isClosing else { return }
        if !waiting.isEmpty {
            isAnswering = true
            delegate?.collector(self, completed: waiting.removeFirst())
        } else if let rejection {
            isClosing = true
            delegate?.collector(self, rejected: rejection)
            write(ByteBuffer(bytes: rejection.answer))
            closeGently(context)
        } else if sawEndOfInput {
            context.close(promise: nil)
        }
    }

    /// Ends our output and reads on for a while: closing with unread input would reset the
    /// connection, and the client could lose the answer.
    private func closeGently(_ context: ChannelHandlerContext) {
        guard !sawEndOfInput else { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        let timer = context.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
    }

    private func sendContinueIfDue(_ context: ChannelHandlerContext) {
        guard !isAnswering, partial?.expectsContinue == true else { return }
        partial?.expectsContinue = false
        let line: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"
        write(ByteBuffer(staticString: line))
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard readsAreHeld else { return }
        readsAreHeld = false
        context.read()
    }
}
