import NIOCore
import Simulation

/// The confined part of a replay server: the world, its connections and the order in which the
/// world hears of them.
final class ReplayCore<Machine: WorldMachine>: ReplayConnectionOwner, QuiescenceOwner {
    private(set) var machine: Machine
    let pace: Pace
    let isVirtual: Bool
    private(set) var activity: UInt64 = 0
    private(set) var probe = PeerProbe(listeningPort: nil)
    var barrier: LoopBarrier?

    private let onStop: @Sendable (StopReason) -> Void
    private let onAgentAction: @Sendable (WorldAction) -> Void
    var connections: [ObjectIdentifier: ReplayConnection] = [:]
    var exchanges: [ExchangeID: any AnswerCarrier] = [:]
    private var arrivals: [(carrier: any AnswerCarrier, request: CollectedRequest)] = []
    private var departures: [ExchangeID] = []
    var handshakes: [(number: Int, upstream: String)] = []
    private var connectionCount = 0
    private var lastID = 0
    private var events: [WorldEvent] = []
    private var isHandling = false
    var isClosed = false
    var watch: (any AgentWatch)?
    var proof: QuiescenceProof?
    var exit: AgentEnd?
    var asker: Asker?
    var dismiss: (@Sendable () -> Void)?
    var replies: [Reply] = []

    init(
        machine: Machine, pace: Pace, isVirtual: Bool,
        onStop: @escaping @Sendable (StopReason) -> Void,
        onAgentAction: @escaping @Sendable (WorldAction) -> Void
    ) {
        self.machine = machine
        self.pace = pace
        self.isVirtual = isVirtual
        self.onStop = onStop
        self.onAgentAction = onAgentAction
    }

    /// Begins to ask the kernel about connections, which this port is the proof for.
    func startProbing(listeningPort: Int?) {
        probe = PeerProbe(listeningPort: listeningPort)
    }

    /// Takes on a fresh connection to a mount.
    func accept(_ channel: any Channel, upstream: String, bodyBytesMax: Int) throws {
        let connection = welcome(channel, to: .mount(upstream))
        connection.collector = try RequestCollector.install(
            on: channel, delegate: connection, bodyBytesMax: bodyBytesMax)
    }

    /// Takes on a fresh connection to the proxy.
    func accept(
        _ channel: any Channel, proxy: ReplayProxy, directory: ReplayDirectory, bodyBytesMax: Int
    ) throws {
        let connection = welcome(channel, to: .proxy(.requests, directory))
        connection.door = try ProxyDoor.install(
            on: channel,
            owner: ReplayEntrance(
                connection: connection, proxy: proxy, directory: directory,
                bodyBytesMax: bodyBytesMax))
    }

    private func welcome(
        _ channel: any Channel, to place: ReplayConnection.Place
    ) -> ReplayConnection {
        activity += 1
        connectionCount += 1
        let connection = ReplayConnection(
            number: connectionCount, place: place, channel: channel, owner: self)
        connections[ObjectIdentifier(connection)] = connection
        return connection
    }

    /// Ends everything; the world hears of nothing any more.
    func close() {
        isClosed = true
        proof?.end()
        proof = nil
        watch = nil
        exit?.promise.succeed()
        exit = nil
        barrier?.close()
        asker?.close()
        asker = nil
        for connection in connections.values { connection.drop() }
    }

    // MARK: Order

    // A request may be the retry of one that the agent gave up on another connection. The world
    // must hear of the hang-up first, whichever socket the loop looked at first: whenever an
    // exchange is under way, requests and hang-ups wait for the barrier.
    func arrived(_ request: CollectedRequest, on carrier: any AnswerCarrier) {
        guard !isClosed else { return }
        activity += 1
        arrivals.append((carrier, request))
        // Under the virtual clock the world hears of everything at quiescence.
        guard !isVirtual else { return }
        if exchanges.isEmpty, departures.isEmpty, arrivals.count == 1 {
            admitArrivals()
        } else {
            barrier?.raise()
        }
    }

    func departed(_ id: ExchangeID) {
        exchanges[id] = nil
        guard !isClosed else { return }
        activity += 1
        departures.append(id)
        if !isVirtual { barrier?.raise() }
    }

    func heard() {
        activity += 1
    }

    /// Everything that was ready when the barrier was raised is known now.
    func barrierPassed() {
        guard !isClosed else { return }
        guard !isVirtual else { return virtualBarrierPassed() }
        if !arrivals.isEmpty {
            for id in exchanges.keys.sorted() { exchanges[id]?.lookForDeparture() }
        }
        admitAll()
    }

    func admitAll() {
        let left = departures.sorted()
        departures = []
        for id in left { handle(.agentClosed(id)) }
        admitArrivals()
    }

    private func admitArrivals() {
        // The kernel keeps connections in the order in which the agent opened them; in which order
        // they are found ready depends on when we looked.
        let admitted = arrivals.sorted { $0.carrier.position < $1.carrier.position }
        arrivals = []
        for (carrier, request) in admitted {
            lastID += 1
            let id = ExchangeID(lastID)
            let isGone = carrier.isGone
            carrier.begin(id)
            if !isGone { exchanges[id] = carrier }
            if carrier.position.stream > 0 { handle(.overHTTP2(id)) }
            handle(.request(id, upstream: carrier.upstream, request.request))
            if isGone { handle(.agentClosed(id)) }
        }
    }

    func taken(_ id: ExchangeID) {
        handle(.taken(id))
    }

    func ended(_ id: ExchangeID) {
        exchanges[id] = nil
    }

    func disconnected(_ connection: ReplayConnection) {
        activity += 1
        connections[ObjectIdentifier(connection)] = nil
    }

    // MARK: The world

    /// Tells the world one thing and does what it says.
    ///
    /// What happens meanwhile is told after.
    func handle(_ event: WorldEvent) {
        guard !isClosed else { return }
        events.append(event)
        guard !isHandling else { return }
        isHandling = true
        var actions = ActionBuffer()
        var next = 0
        while next < events.count {
            actions.removeAll(keepingCapacity: true)
            machine.handle(events[next], into: &actions)
            next += 1
            for action in actions { execute(action) }
        }
        events.removeAll(keepingCapacity: true)
        isHandling = false
    }

    private func execute(_ action: WorldAction) {
        switch action {
        case .send(let id, let step, let delay):
            // An exchange that the agent has left takes no more steps.
            exchanges[id]?.send(step, after: delay)
        case .stop(let reason):
            proof?.end()
            watch?.execute(action)
            onStop(reason)
        case .closeIdle(let upstream, let id):
            exchanges[id]?.closeAfterAnswer()
            let found = connections.values.filter { $0.upstream == upstream }
            // The agent goes on with the first that it hears of.
            for connection in found.sorted(by: { $0.number < $1.number }) {
                connection.closeWhenIdle()
            }
        case .answer(.tunnel(let number), let result):
            connections.values.first { $0.number == number }?.goOn(result)
        case .setClock, .shiftWall, .wake, .takeConsumed, .answer(.thread, _), .strikeProgram:
            watch?.execute(action)
            onAgentAction(action)
        case .inquiry(let action): execute(action)
        case .kill:
            proof?.end()
            onAgentAction(action)
        case .start:
            watch = nil
            onAgentAction(action)
        }
    }
}
