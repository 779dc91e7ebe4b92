internal import Cassette
import NIOCore
import NIOPosix
package import Simulation

/// Whether recorded and injected delays are waited for.
package enum Pace: String, Hashable, Sendable, CaseIterable {
    /// Each step is written as soon as the one before is taken.
    case immediate
    /// Each step waits for its delay first.
    case real
}

/// Serves a world to an agent over HTTP/1.1 on loopback: one port for each upstream, one loop on
/// one thread for all.
///
/// It executes what the machine says and decides nothing. `start` and `shutdown` block and must
/// not be called on the loop, that is, not from `onStop`.
package final class ReplayServer<Machine: WorldMachine>: Sendable {
    private let mounts: [MountPoint]
    private let proxy: ReplayProxy?
    private let bodyBytesMax: Int
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let core: NIOLoopBoundBox<ReplayCore<Machine>>
    private let listeners: NIOLoopBoundBox<[any Channel]>

    /// Creates a server that does not listen yet.
    ///
    /// Both closures are called on its loop; `onAgentAction` gets what concerns the agent's clock.
    /// Under the virtual clock nothing is answered before `watchAgent` is called.
    package init(
        machine: Machine, mounts: [MountPoint], proxy: ReplayProxy? = nil, pace: Pace = .immediate,
        clock: ClockMode = .real,
        bodyBytesMax: Int = RequestLimits.bodyBytesMax,
        onStop: @escaping @Sendable (StopReason) -> Void,
        onAgentAction: @escaping @Sendable (WorldAction) -> Void = { _ in }
    ) {
        self.mounts = mounts
        self.proxy = proxy
        self.bodyBytesMax = bodyBytesMax
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
        core = .makeBoxSendingValue(
            ReplayCore(
                machine: machine, pace: pace, isVirtual: clock == .virtual, onStop: onStop,
                onAgentAction: onAgentAction),
            eventLoop: loop)
        listeners = .makeBoxSendingValue([], eventLoop: loop)
    }

    /// Listens on every mount and gives the ports by name.
    ///
    /// When it throws, nothing listens; `shutdown` is due all the same.
    package func start() throws -> [String: Int] {
        let core = core
        let opened = try loop.flatSubmit { [loop] in
            LoopBarrier.open(on: loop) { core.value.barrierPassed() }
        }.wait()
        loop.execute { core.value.barrier = opened.value }
        var ports: [String: Int] = [:]
        do {
            for mount in mounts { ports[mount.name] = try listen(mount) }
            if let proxy { try listen(proxy, &ports) }
        } catch {
            closeListeners()
            throw error
        }
        let probed = ports.values.min()
        try loop.submit { core.value.startProbing(listeningPort: probed) }.wait()
        return ports
    }

    /// How surely chunks are kept apart; known once the server has started.
    package func chunkPacing() throws -> ChunkPacing {
        let core = core
        return try loop.submit { core.value.probe.pacing }.wait()
    }

    /// Tells the world something, from any thread; one thread's events are told in its order.
    package func post(_ event: WorldEvent) {
        let core = core
        loop.execute { core.value.handle(event) }
    }

    /// Puts the agent under the virtual clock; the watch is made on the loop and stays there.
    package func watchAgent(_ make: @escaping @Sendable () -> any AgentWatch) {
        let core = core
        loop.execute { [loop] in core.value.attach(make(), loop: loop) }
    }

    /// Asks the agent, a server that was just started, what the world says.
    ///
    /// Ports of our own are fixed only where no other program can have them. `dismiss` is called on
    /// the loop and tells the agent to end.
    package func startAsking(
        port: Int, fixesOwnPorts: Bool, dismiss: @escaping @Sendable () -> Void
    ) {
        let core = core
        loop.execute { [loop] in
            let manner = Asker.Manner(
                port: port, fixesOwnPorts: fixesOwnPorts, inPieces: core.value.isVirtual)
            core.value.startAsking(manner, loop: loop, dismiss: dismiss)
        }
    }

    /// Tells the world how the agent ended, after all that the agent sent before, and waits for it.
    package func agentEnded(_ status: WorldEvent) throws {
        let core = core
        let promise = loop.makePromise(of: Void.self)
        loop.execute { core.value.agentEnded(status, promise) }
        try promise.futureResult.wait()
    }

    /// Closes every connection and port, ends the thread, and gives the machine back.
    package func shutdown() throws -> Machine {
        let core = core
        closeListeners()
        let machine = try loop.submit {
            core.value.close()
            return core.value.machine
        }.wait()
        try group.syncShutdownGracefully()
        return machine
    }

    private func listen(_ mount: MountPoint) throws -> Int? {
        let core = core
        let limit = bodyBytesMax
        return try listen(mount) { channel in
            try core.value.accept(channel, upstream: mount.name, bodyBytesMax: limit)
        }
    }

    /// Opens the proxy, whose port all that is reached through it has.
    private func listen(_ proxy: ReplayProxy, _ ports: inout [String: Int]) throws {
        let core = core
        let limit = bodyBytesMax
        let directory = proxy.directory(mounts: ports)
        let port = try listen(MountPoint(name: "proxy", port: proxy.port)) { channel in
            try core.value.accept(
                channel, proxy: proxy, directory: directory, bodyBytesMax: limit)
        }
        for upstream in proxy.upstreams { ports[upstream.name] = port }
        ports[ProxyMount.name] = port
    }

    private func listen(
        _ mount: MountPoint, accept: @escaping @Sendable (any Channel) throws -> Void
    ) throws -> Int? {
        let channel = try mount.listen(MountPoint.bootstrap(on: loop, accept: accept))
        let listeners = listeners
        loop.execute { listeners.value.append(channel) }
        return channel.localAddress?.port
    }

    private func closeListeners() {
        let listeners = listeners
        loop.execute {
            for channel in listeners.value { channel.close(promise: nil) }
            listeners.value = []
        }
    }
}
