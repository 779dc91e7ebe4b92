import Faults
import NIOCore
import Simulation

/// The end of the agent, which is told when nothing of it is on its way any more.
struct AgentEnd {
    let event: WorldEvent
    let promise: EventLoopPromise<Void>
    var activity: UInt64 = 0
    var quietBarriers = 0

    /// As for a proof, and one that may have been under way when the agent ended.
    static let quietBarriersWanted = 3
}

/// The virtual clock: what happened is told, and time moves, only when nothing of the agent runs.
extension ReplayCore {
    /// Begins to prove that the agent sleeps.
    func attach(_ watch: any AgentWatch, loop: any EventLoop) {
        guard !isClosed else { return }
        self.watch = watch
        let proof = QuiescenceProof(of: self, watch: watch, loop: loop)
        self.proof = proof
        proof.begin()
    }

    /// The agent ended.
    ///
    /// What it sent before is told first, so the end waits for the barrier. The promise is kept
    /// when the world knows.
    func agentEnded(_ event: WorldEvent, _ promise: EventLoopPromise<Void>) {
        guard !isClosed, let barrier else { return promise.succeed() }
        proof?.end()
        exit = AgentEnd(event: event, promise: promise)
        exit?.activity = activity
        barrier.raise()
    }

    func virtualBarrierPassed() {
        guard var ended = exit else {
            proof?.barrierPassed()
            return
        }
        _ = hasAllArrived()
        let isQuiet = hasReceivedAll() && activity == ended.activity
        ended.quietBarriers = isQuiet ? ended.quietBarriers + 1 : 0
        ended.activity = activity
        guard ended.quietBarriers == AgentEnd.quietBarriersWanted else {
            // Something came in, and more of it may be ready.
            exit = ended
            barrier?.raise()
            return
        }
        exit = nil
        tellNews()
        handle(ended.event)
        ended.promise.succeed()
    }

    func hasAllArrived() -> Bool {
        // Each is asked: one that is under way must not keep another's departure from being seen.
        var arrived = true
        for connection in connections.values where !connection.hasArrived() { arrived = false }
        return arrived && asker?.hasArrived() != false
    }

    func hasReceivedAll() -> Bool {
        probe.isBacklogEmpty() && connections.values.allSatisfy { $0.hasReceivedAll() }
            && asker?.hasReceivedAll() != false
    }

    func raiseBarrier() {
        barrier?.raise()
    }

    func quiescent() {
        var isWriting = false
        for id in exchanges.keys.sorted() {
            if exchanges[id]?.writeNextPiece() == true { isWriting = true }
        }
        if asker?.writeNextPiece() == true { isWriting = true }
        if !isWriting {
            tellNews()
            handle(.quiescent)
        }
        guard !isClosed else { return }
        proof?.begin()
    }

    func exceeds(_ text: String) {
        // Not at quiescence: how far the agent came by now is chance, and not told.
        handle(.exceeds(text))
    }

    func asks(_ connection: ReplayConnection, upstream: String) {
        heard()
        handshakes.append((connection.number, upstream))
    }

    private func tellNews() {
        admitAll()
        let begun = handshakes
        handshakes = []
        for (number, upstream) in begun {
            handle(.asks(.tunnel(number), .handshake, upstream: upstream))
        }
        for event in watch?.news() ?? [] { handle(event) }
        tellReplies()
    }
}
