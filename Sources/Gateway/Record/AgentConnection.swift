import Cassette
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The agent's side of one connection: requests in, bytes of answers out.
final class AgentConnection: RequestCollectorDelegate, ChannelInboundHandler {
    typealias InboundIn = Never

    /// What follows an answer.
    enum Conclusion: Hashable {
        /// The next request of the connection.
        case next
        /// An orderly end.
        case close
        /// A reset, as the upstream did it.
        case reset
    }

    private let hub: RecordingHub
    private let mount: UpstreamMount
    private let channel: any Channel
    private var collector: RequestCollector?
    private var exchange: RecordingExchange?
    private var writesPending = 0
    private var conclusion: Conclusion?
    private var sawEndOfInput = false
    private var isGone = false

    private init(channel: any Channel, mount: UpstreamMount, hub: RecordingHub) {
        self.channel = channel
        self.mount = mount
        self.hub = hub
    }

    static func install(on channel: any Channel, mount: UpstreamMount, hub: RecordingHub) throws {
        let agent = AgentConnection(channel: channel, mount: mount, hub: hub)
        guard hub.accepts(agent) else { throw ChannelError.ioOnClosedChannel }
        agent.collector = try RequestCollector.install(
            on: channel, delegate: agent, bodyBytesMax: hub.options.requestBytesMax)
        // Behind the collector, for what it lets pass: changes of writability.
        try channel.pipeline.syncOperations.addHandler(agent)
    }

    /// Whether more bytes may be sent without filling the memory; one that is gone takes all.
    var takesMore: Bool { isGone || channel.isWritable }

    /// Sends bytes of the answer, of which so many belong to its body, as one write.
    func send(_ bytes: ByteBuffer, bodyBytes: Int) {
        guard !isGone, bytes.readableBytes > 0 else { return }
        writesPending += 1
        channel.writeAndFlush(bytes).assumeIsolated().whenComplete { result in
            self.wrote(bodyBytes, result)
        }
    }

    /// Ends the answer once all that was sent is with the kernel.
    func conclude(_ conclusion: Conclusion) {
        self.conclusion = conclusion
        concludeIfFlushed()
    }

    /// The agent is gone, or counts as such.
    func leave() {
        guard !isGone else { return }
        isGone = true
        hub.ended(self)
        let exchange = exchange
        self.exchange = nil
        collector = nil
        channel.close(promise: nil)
        exchange?.agentLeft()
    }

    func collector(_ collector: RequestCollector, completed request: CollectedRequest) {
        guard request.request.method != "CONNECT" else { return refuseTunnel(request) }
        let exchange = RecordingExchange(hub: hub, mount: mount, request: request, agent: self)
        self.exchange = exchange
        if sawEndOfInput { exchange.agentEndedInput() }
        exchange.begin()
    }

    func collector(_ collector: RequestCollector, peerLeft departure: PeerDeparture) {
        switch departure {
        case .gone: leave()
        case .endOfInput:
            sawEndOfInput = true
            exchange?.agentEndedInput()
        }
    }

    func collector(_ collector: RequestCollector, rejected rejection: RequestRejection) {
        hub.report(
            .rejectedRequest, upstream: mount.name, ordinal: nil,
            "A request to the mount of \(mount.name) was refused with status "
                + "\(rejection.status). \(rejection.message)")
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.agentTakesMore()
        context.fireChannelWritabilityChanged()
    }

    private func wrote(_ bodyBytes: Int, _ result: Result<Void, any Error>) {
        writesPending -= 1
        switch result {
        case .success:
            if wroteToClosedSocket { return leave() }
            exchange?.passedOn(bodyBytes)
            concludeIfFlushed()
        case .failure: leave()
        }
    }

    private func concludeIfFlushed() {
        guard let conclusion, writesPending == 0, !isGone else { return }
        self.conclusion = nil
        let exchange = exchange
        self.exchange = nil
        exchange?.delivered()
        switch conclusion {
        case .next: collector?.responseEnded()
        case .close: collector?.close()
        case .reset: collector?.reset()
        }
    }

    /// Whether what was just written went to a socket that the agent had closed before.
    ///
    /// Such a socket answers with a reset, which is a broken pipe behind the end of its input; the
    /// kernel knows both before the loop hears of either. An agent that resets its connection
    /// instead leaves another error, and may well have read the bytes.
    private var wroteToClosedSocket: Bool {
        let pending = try? channel.syncOptions?.getOption(.socketOption(.so_error))
        return pending.map { $0 == Int(EPIPE) } ?? false
    }

    private func refuseTunnel(_ request: CollectedRequest) {
        let cause = "CONNECT is not possible here: a mount is a base address, not a proxy."
        hub.report(.rejectedRequest, upstream: mount.name, ordinal: nil, cause)
        send(GatewayAnswer.bytes(status: 501, type: "no_proxy", message: cause), bodyBytes: 0)
        conclude(.close)
    }
}
