import Faults
import NIOCore
import NIOHTTP2

/// A connection of the agent over HTTP/2: its streams, and what concerns all of them.
///
/// The end of the connection's pipeline. Confined to one loop.
final class HTTP2Session: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    // Both are dropped when the connection ends, which breaks the cycle.
    private var connection: ReplayConnection?
    private var context: ChannelHandlerContext?
    private let bodyBytesMax: Int
    private var streams: [Int: ReplayStream] = [:]
    /// The stream that was opened last.
    private var latest = 0
    private var isEnding = false
    private(set) var closesAfterAnswers = false

    private init(_ connection: ReplayConnection, bodyBytesMax: Int) {
        self.connection = connection
        self.bodyBytesMax = bodyBytesMax
    }

    static func install(
        on channel: any Channel, connection: ReplayConnection, bodyBytesMax: Int
    ) throws -> HTTP2Session {
        let session = HTTP2Session(connection, bodyBytesMax: bodyBytesMax)
        let bound = NIOLoopBound(session, eventLoop: channel.eventLoop)
        let pipeline = channel.pipeline.syncOperations
        _ = try pipeline.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: Self.connectionConfiguration,
            streamConfiguration: Self.streamConfiguration
        ) { stream in
            stream.eventLoop.makeCompletedFuture { try bound.value.welcome(stream) }
        }
        try pipeline.addHandler(session)
        return session
    }

    /// Whether a request is under way.
    var isAnswering: Bool { streams.values.contains(where: \.isAnswering) }

    // MARK: The end

    /// Sends GOAWAY and ends the output, in one segment: an agent that got the frame first might
    /// still send its next request here.
    func goAway(_ code: HTTP2Code, lastStream: Int) {
        guard let context, !isEnding else { return }
        context.channel.holdBack()
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(
                lastStreamID: HTTP2StreamID(lastStream),
                errorCode: HTTP2ErrorCode(networkCode: code.number), opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        endOutput()
    }

    /// Ends the output (FIN); what is under way on other streams is lost with it.
    func endOutput() {
        guard let context, !isEnding else { return }
        isEnding = true
        lose()
        connection?.endsOutput()
        context.close(mode: .output, promise: nil)
    }

    /// Resets the connection (RST).
    func reset() {
        guard let context else { return }
        isEnding = true
        lose()
        context.channel.resetOnClose()
        context.close(promise: nil)
    }

    /// Closes the connection if no request is under way, else with the last of the answers.
    func closeWhenIdle() {
        closesAfterAnswers = true
        if !isAnswering { goAwayInOrder() }
    }

    /// Ends as a server does that has answered everything.
    func goAwayInOrder() {
        goAway(.noError, lastStream: latest)
    }

    /// Ends whatever is under way: the agent gets no more of it.
    func lose() {
        for id in streams.keys.sorted() { streams[id]?.lose() }
    }

    // MARK: Streams

    private func welcome(_ channel: any Channel) throws {
        guard let connection, !isEnding, let options = channel.syncOptions else {
            return channel.close(promise: nil)
        }
        let id = Int(try options.getOption(HTTP2StreamChannelOptions.streamID))
        let stream = ReplayStream(id, session: self, connection, bodyBytesMax: bodyBytesMax)
        streams[id] = stream
        latest = max(latest, id)
        try stream.install(on: channel)
        // The connection is read one time after the other; its streams take what comes of that.
        try options.setOption(.autoRead, value: true)
    }

    func ended(_ stream: ReplayStream) {
        streams[stream.position.stream] = nil
    }

    // MARK: From the connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection?.passed()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // No client of HTTP/2 ends its output and reads on.
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Errors of the protocol were answered with a frame, and a reset ends the connection.
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose()
        connection?.wentUnused()
        connection = nil
    }

    // MARK: Settings

    private static var connectionConfiguration: NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
            HTTP2Setting(parameter: .maxHeaderListSize, value: RequestLimits.headerBytesMax),
        ]
        // Faults send lengths that are not true.
        configuration.contentLengthValidation = .disabled
        // An agent is no attacker, and how much it does in real time decides nothing.
        configuration.controlFrameRateLimit.windowLength = .nanoseconds(1)
        configuration.maximumConnectionGlitches = .max
        configuration.maximumSequentialEmptyDataFrames = .max
        return configuration
    }

    private static var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.streamResetFrameRateLimit.windowLength = .nanoseconds(1)
        configuration.streamErrorRateLimit.windowLength = .nanoseconds(1)
        return configuration
    }
}
