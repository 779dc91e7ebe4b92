import Cassette
import Determinism
import NIOCore
import Simulation

/// What an asker reports to.
protocol AskerOwner: AnyObject {
    var probe: PeerProbe { get }

    /// Something came in, or a connection was made.
    func heard()
    /// It is decided what came of the request that was sent last.
    func replied(_ reply: Reply)
}

/// Asks an agent that is a server, on loopback, one connection for each request.
///
/// Confined to one loop.
final class Asker {
    /// How the agent is asked.
    struct Manner {
        /// The port where the agent listens.
        var port: Int
        /// Whether our own ports are the same in every run; where the network is not ours alone,
        /// the system chooses them.
        var fixesOwnPorts: Bool
        /// Whether the request is written in pieces, each when the agent sleeps.
        var inPieces: Bool
    }

    private unowned let owner: any AskerOwner
    private let manner: Manner
    private let loop: any EventLoop
    private var connections: [AskedConnection] = []
    private var count = 0
    private var isClosed = false
    private var heardListener = false

    init(_ manner: Manner, owner: any AskerOwner, loop: any EventLoop) {
        self.manner = manner
        self.owner = owner
        self.loop = loop
    }

    /// Sends a request on a new connection.
    func ask(_ request: RecordedRequest) {
        dropSpent()
        let connection = AskedConnection(
            request, number: count + 1, inPieces: manner.inPieces, owner: owner)
        connections.append(connection)
        // Above the ports that the system gives to programs, so that none of them has it.
        let ownPort = manner.fixesOwnPorts ? Self.firstPort + count % Self.portCount : nil
        count += 1
        do {
            try connection.open(to: manner.port, from: ownPort, on: loop)
        } catch {
            var reply = Reply.refused
            reply.ask = connection.number
            owner.replied(reply)
        }
    }

    /// Resets the connection of a request whose answer nobody waits for any more.
    func hangUp(_ number: Int) {
        connections.removeAll { connection in
            guard connection.number == number else { return false }
            connection.drop()
            return true
        }
    }

    private static let firstPort = 61_001
    private static let portCount = 4_000

    /// Connections of answers that are whole, and that the agent closed, are done with.
    private func dropSpent() {
        connections.removeAll { connection in
            guard connection.isSpent() else { return false }
            connection.drop()
            return true
        }
    }

    /// Whether the agent listens, told once; where the kernel does not say, it has to be tried.
    func findsListener() -> Bool {
        guard !heardListener, owner.probe.listens(on: manner.port) ?? true else { return false }
        heardListener = true
        return true
    }

    /// Looks again and again until the agent listens, in real time.
    func awaitListener(_ found: @escaping () -> Void) {
        if findsListener() { return found() }
        later(.milliseconds(5)) { [weak self] in self?.awaitListener(found) }
    }

    /// Does something after so much real time, unless the asking is over.
    func later(_ span: SimDuration, _ action: @escaping () -> Void) {
        loop.assumeIsolated().scheduleTask(in: .nanoseconds(span.nanoseconds)) { [weak self] in
            if self?.isClosed == false { action() }
        }
    }

    /// Writes the next piece of what is being sent; false when there is none.
    func writeNextPiece() -> Bool {
        connections.contains { $0.writeNextPiece() }
    }

    func hasArrived() -> Bool { connections.allSatisfy { $0.hasArrived() } }

    func hasReceivedAll() -> Bool { connections.allSatisfy { $0.hasReceivedAll() } }

    /// Ends all connections.
    func close() {
        isClosed = true
        for connection in connections { connection.drop() }
        connections = []
    }
}
