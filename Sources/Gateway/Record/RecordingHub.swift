import Cassette
import Determinism
import NIOCore
import NIOSSL

/// Where one upstream is mounted, and what it stands for.
struct UpstreamMount: Sendable {
    let name: String
    let address: UpstreamAddress
    /// The TLS settings; absent for plain HTTP.
    let security: NIOSSLContext?
}

/// What all exchanges of a recording share; confined to the recording's loop.
final class RecordingHub {
    let loop: any EventLoop
    let options: RecordingOptions
    private let sink: any RecordingSink
    private let redact: @Sendable (Interaction) -> Interaction
    private let startedAt = NIODeadline.now()
    private var lastOrdinal = 0
    private var open: [Int: RecordingExchange] = [:]
    private var listeners: [any Channel] = []
    private var agents: [ObjectIdentifier: AgentConnection] = [:]
    private var summary = RecordingSummary()
    private var closing: EventLoopPromise<RecordingSummary>?
    private var quiet: EventLoopPromise<Void>?
    /// The servers that are known to speak HTTP/2 only.
    private var insisting: Set<UpstreamAddress> = []
    private var securityForTwo: NIOSSLContext?
    /// Where the agent finds its upstreams; complete once the recording has started.
    var directory = RecordingDirectory()

    init(
        loop: any EventLoop, options: RecordingOptions, sink: any RecordingSink,
        redact: @escaping @Sendable (Interaction) -> Interaction
    ) {
        self.loop = loop
        self.options = options
        self.sink = sink
        self.redact = redact
    }

    /// The monotonic time since the recording began.
    var now: SimInstant {
        SimInstant(nanoseconds: (NIODeadline.now() - startedAt).nanoseconds)
    }

    func listens(_ channel: any Channel) {
        listeners.append(channel)
    }

    /// Whether a new connection may stay.
    func accepts(_ agent: AgentConnection) -> Bool {
        guard closing == nil else { return false }
        agents[ObjectIdentifier(agent)] = agent
        return true
    }

    func ended(_ agent: AgentConnection) {
        agents[ObjectIdentifier(agent)] = nil
    }

    /// Numbers a request that is complete.
    func nextOrdinal() -> Int {
        lastOrdinal += 1
        summary.interactionCount = lastOrdinal
        return lastOrdinal
    }

    func opened(_ exchange: RecordingExchange) {
        open[exchange.ordinal] = exchange
        options.onRequest(exchange.ordinal, exchange.request.request, exchange.startedAt)
    }

    func closed(_ exchange: RecordingExchange, as ending: Ending, agentLeft: Bool) {
        guard open.removeValue(forKey: exchange.ordinal) != nil else { return }
        summary.endings[ending, default: 0] += 1
        if agentLeft { summary.agentLeftCount += 1 }
        options.onConclusion(exchange.ordinal)
        finishIfQuiet()
    }

    /// Makes an interaction durable.
    ///
    /// A failure never keeps the answer from the agent: it is
    /// reported at the end, when the cassette is refused as incomplete.
    func put(_ interaction: Interaction) {
        do {
            try sink.put(redact(interaction))
        } catch {
            report(
                .sinkFailed, upstream: interaction.upstream, ordinal: interaction.ordinal,
                "Interaction \(interaction.ordinal) was not kept: \(error). "
                    + "The cassette is incomplete; mend the cause and record again.")
        }
    }

    func report(
        _ kind: RecordingProblem.Kind, upstream: String, ordinal: Int?, _ message: String
    ) {
        summary.add(
            RecordingProblem(kind: kind, upstream: upstream, ordinal: ordinal, message: message))
    }

    /// The upstream that a proxied request is for, which may be met here for the first time.
    func mount(for target: ProxyTarget) -> UpstreamMount? {
        guard let (mount, metNow) = try? directory.mount(for: target) else { return nil }
        guard let metNow else { return mount }
        do {
            try options.proxy?.onUpstreamMet(metNow)
        } catch {
            report(
                .sinkFailed, upstream: metNow.name, ordinal: nil,
                "The upstream \(metNow.name) was not kept: \(error). The cassette is incomplete; "
                    + "mend the cause and record again.")
        }
        return mount
    }

    // MARK: HTTP/2

    /// What is spoken to a server.
    func version(of mount: UpstreamMount) -> UpstreamSecurity.Version {
        insisting.contains(mount.address) ? .two : .one
    }

    /// A server turned out to speak HTTP/2 only.
    func insists(_ mount: UpstreamMount) {
        insisting.insert(mount.address)
    }

    /// The TLS settings for a server; nil for plain HTTP.
    func security(of mount: UpstreamMount) throws -> NIOSSLContext? {
        guard mount.security != nil, version(of: mount) == .two else { return mount.security }
        if let known = securityForTwo { return known }
        let made = try UpstreamSecurity.context(for: .two, trustRoots: options.trustRoots)
        securityForTwo = made
        return made
    }

    /// Accepts no connection any more, and waits until no answer is under way or for so long.
    func drain(for limit: SimDuration) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        for listener in listeners { listener.close(promise: nil) }
        guard !open.isEmpty, quiet == nil else {
            promise.succeed()
            return promise.futureResult
        }
        quiet = promise
        let span = TimeAmount.nanoseconds(limit.nanoseconds)
        let timer = loop.assumeIsolated().scheduleTask(in: span) {
            self.quiet?.succeed()
            self.quiet = nil
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    /// Ends the recording: nothing new is accepted, the agent counts as gone, open answers are
    /// read on to the drain limits and what is still open then is stored as in progress.
    func close() -> EventLoopFuture<RecordingSummary> {
        let promise = loop.makePromise(of: RecordingSummary.self)
        closing = promise
        for listener in listeners { listener.close(promise: nil) }
        for agent in Array(agents.values) { agent.leave() }
        let limit = TimeAmount.nanoseconds(options.drainTimeout.nanoseconds)
        let timer = loop.assumeIsolated().scheduleTask(in: limit) { self.stopAll() }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        finishIfQuiet()
        return promise.futureResult
    }

    private func stopAll() {
        summary.openOrdinals = open.keys.sorted()
        for ordinal in summary.openOrdinals { open[ordinal]?.stop() }
    }

    private func finishIfQuiet() {
        guard open.isEmpty else { return }
        quiet?.succeed()
        quiet = nil
        closing?.succeed(summary)
    }
}
