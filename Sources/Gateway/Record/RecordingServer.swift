package import Cassette
package import Determinism
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Stands between an agent and its upstreams and records what passes.
///
/// Each upstream has a mount, a port on 127.0.0.1. Answers pass through as they arrive; an
/// interaction is durable before the agent can take its answer for complete.
package final class RecordingServer: Sendable {
    private struct Running: Sendable {
        let group: MultiThreadedEventLoopGroup
        let hub: NIOLoopBound<RecordingHub>
    }

    private enum State: Sendable {
        case idle
        case running(Running)
        case over
    }

    private let options: RecordingOptions
    private let sink: any RecordingSink
    private let redact: @Sendable (Interaction) -> Interaction
    private let state = Mutex(State.idle)

    /// Prepares a recording; `redact` is applied to what the sink gets, never to the live bytes.
    package init(
        options: RecordingOptions, sink: any RecordingSink,
        redact: @escaping @Sendable (Interaction) -> Interaction
    ) {
        self.options = options
        self.sink = sink
        self.redact = redact
    }

    /// Opens the mounts and gives their ports by the upstreams' names.
    package func start() throws -> [String: Int] {
        try state.withLock { state in
            guard case .idle = state else {
                throw RecordingError(
                    code: .wrongState,
                    message: "This recording was started before; make a new server for another.")
            }
            let security = try options.proxy.map { _ in try self.security() }
            let mounts = try makeMounts(security)
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            do {
                let hub = try makeHub(on: group.next())
                var ports = try open(mounts, hub: hub, group: group)
                if let proxy = options.proxy {
                    let bound = ports
                    try hub.eventLoop.submit {
                        hub.value.directory = RecordingDirectory(
                            mounts: mounts.map(\.0), ports: bound, security: security)
                    }.wait()
                    ports[ProxyMount.name] = try open(proxy, hub: hub, group: group)
                }
                state = .running(Running(group: group, hub: hub))
                return ports
            } catch {
                try group.syncShutdownGracefully()
                throw error
            }
        }
    }

    /// Accepts no connection any more, and lets answers that are under way come to their end, for
    /// so long; `shutdown` is due all the same.
    package func drain(for limit: SimDuration) throws {
        guard case .running(let running) = state.withLock({ $0 }) else { return }
        let hub = running.hub
        try running.group.next().flatSubmit { hub.value.drain(for: limit) }.wait()
    }

    /// Ends the recording and says what it came to.
    ///
    /// It may wait for the drain time-out while
    /// upstreams whose agent hung up are read on.
    package func shutdown() throws -> RecordingSummary {
        let running = try state.withLock { state in
            guard case .running(let running) = state else {
                throw RecordingError(
                    code: .wrongState, message: "This recording is not running; start it first.")
            }
            state = .over
            return running
        }
        let hub = running.hub
        let summary = try running.group.next().flatSubmit { hub.value.close() }.wait()
        try running.group.syncShutdownGracefully()
        return summary
    }

    private func makeHub(on loop: any EventLoop) throws -> NIOLoopBound<RecordingHub> {
        let (options, sink, redact) = (options, sink, redact)
        return try loop.submit {
            NIOLoopBound(
                RecordingHub(loop: loop, options: options, sink: sink, redact: redact),
                eventLoop: loop)
        }.wait()
    }

    private func makeMounts(_ shared: NIOSSLContext?) throws -> [(UpstreamMount, port: Int)] {
        var names: Set<String> = []
        var security = shared
        return try options.upstreams.map { upstream in
            guard names.insert(upstream.name).inserted else {
                throw RecordingError(
                    code: .duplicateUpstream,
                    message: "Two upstreams have the name \(upstream.name); give each its own.")
            }
            let address = try UpstreamAddress(upstream.address, upstream: upstream.name)
            if address.isSecure, security == nil { security = try self.security() }
            return (
                UpstreamMount(
                    name: upstream.name, address: address,
                    security: address.isSecure ? security : nil),
                upstream.port
            )
        }
    }

    private func security() throws -> NIOSSLContext {
        try UpstreamSecurity.context(for: .one, trustRoots: options.trustRoots)
    }

    private func open(
        _ mounts: [(UpstreamMount, port: Int)], hub: NIOLoopBound<RecordingHub>,
        group: MultiThreadedEventLoopGroup
    ) throws -> [String: Int] {
        var ports: [String: Int] = [:]
        for (mount, port) in mounts {
            ports[mount.name] = try listen(
                on: port, for: "upstream \(mount.name)", hub: hub, group: group
            ) { channel, hub in
                try AgentConnection.install(on: channel, route: .mount(mount), hub: hub)
            }
        }
        return ports
    }

    private func open(
        _ proxy: RecordingProxy, hub: NIOLoopBound<RecordingHub>, group: MultiThreadedEventLoopGroup
    ) throws -> Int {
        let authority = proxy.authority
        let port = try listen(on: proxy.port, for: "the proxy", hub: hub, group: group) {
            try ProxyDoor.install(
                on: $0, owner: RecordingEntrance(hub: $1, authority: authority))
        }
        try hub.eventLoop.submit { hub.value.directory.proxyPort = port }.wait()
        return port
    }

    private func listen(
        on port: Int, for what: String, hub: NIOLoopBound<RecordingHub>,
        group: MultiThreadedEventLoopGroup,
        accept: @escaping @Sendable (any Channel, RecordingHub) throws -> Void
    ) throws -> Int {
        let listener: any Channel
        do {
            listener = try bootstrap(hub: hub, group: group, accept: accept)
                .bind(host: "127.0.0.1", port: port).wait()
        } catch {
            throw RecordingError(
                code: .portUnavailable,
                message: "Port \(port) on 127.0.0.1 for \(what) cannot be taken: \(error). "
                    + "Name another port, or 0 for any.")
        }
        try listener.eventLoop.submit { hub.value.listens(listener) }.wait()
        return listener.localAddress?.port ?? 0
    }

    private func bootstrap(
        hub: NIOLoopBound<RecordingHub>, group: MultiThreadedEventLoopGroup,
        accept: @escaping @Sendable (any Channel, RecordingHub) throws -> Void
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The collector asks for reads itself, and must hear of an end of input at once.
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try accept(channel, hub.value)
                }
            }
    }
}
