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

    /// How the agent says which upstream a request is for.
    enum Route {
        /// By the port that it connected to.
        case mount(UpstreamMount)
        /// By what it told the proxy.
        case proxy(ProxyRoute)
    }

    private let hub: RecordingHub
    private let route: Route
    private let channel: any Channel
    private var collector: RequestCollector?
    private var exchange: RecordingExchange?
    private var writesPending = 0
    private var conclusion: Conclusion?
    private var sawEndOfInput = false
    private var isGone = false

    private init(channel: any Channel, route: Route, hub: RecordingHub) {
        self.channel = channel
        self.route = route
        self.hub = hub
    }

    static func install(on channel: any Channel, route: Route, hub: RecordingHub) throws {
        let agent = AgentConnection(channel: channel, route: route, hub: hub)
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
        guard request.request.method != "CONNECT" else { return refuseTunnel() }
        if let wanted = request.upgrade { return refuseUpgrade(to: wanted) }
        guard let mount = mount(for: request) else { return refuseOwnRequest() }
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
            .rejectedRequest, upstream: place, ordinal: nil,
            "A request to \(place) was refused with status "
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

    // MARK: Routes

    private func mount(for request: CollectedRequest) -> UpstreamMount? {
        switch route {
        case .mount(let mount): mount
        case .proxy(.tunnel(let target)): hub.mount(for: target)
        case .proxy(.requests): request.target.flatMap { hub.mount(for: $0) }
        }
    }

    /// What the agent speaks to, for messages.
    private var place: String {
        switch route {
        case .mount(let mount): mount.name
        case .proxy(.tunnel(let target)): target.name
        case .proxy(.requests): "the proxy"
        }
    }

    private func refuseTunnel() {
        refuse(
            501, type: "no_proxy",
            "CONNECT is not possible here: this address is no proxy, or speaks to a server already."
        )
    }

    private func refuseOwnRequest() {
        refuse(400, type: "no_target", GatewayAnswer.noTarget)
    }

    private func refuse(_ status: Int, type: String, _ cause: String) {
        hub.report(.rejectedRequest, upstream: place, ordinal: nil, cause)
        send(GatewayAnswer.bytes(status: status, type: type, message: cause), bodyBytes: 0)
        conclude(.close)
    }

    private func refuseUpgrade(to name: String) {
        hub.report(
            .rejectedRequest, upstream: place, ordinal: nil,
            "\(place): \(UpgradeRefusal.message(name))")
        send(UpgradeRefusal.answer(name), bodyBytes: 0)
        conclude(.close)
    }
}
