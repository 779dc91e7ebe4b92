import NIOCore
import Simulation

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

    /// The agent ended. What it sent before is told first, so the end waits for the barrier.
    ///
    /// The promise is kept when the world knows.
    func agentEnded(_ event: WorldEvent, _ promise: EventLoopPromise<Void>) {
        guard !isClosed, let barrier else { return promise.succeed() }
        proof?.end()
        exit = (event, activity, promise)
        barrier.raise()
    }

    func virtualBarrierPassed() {
        guard let ended = exit else {
            proof?.barrierPassed()
            return
        }
        _ = hasAllArrived()
        guard activity == ended.activity else {
            // Something came in; more of it may be ready.
            exit = (ended.event, activity, ended.promise)
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
        return arrived
    }

    func raiseBarrier() {
        barrier?.raise()
    }

    func quiescent() {
        var isWriting = false
        for id in exchanges.keys.sorted() {
            if exchanges[id]?.writeNextPiece() == true { isWriting = true }
        }
        if !isWriting {
            tellNews()
            handle(.quiescent)
        }
        guard !isClosed else { return }
        proof?.begin()
    }

    private func tellNews() {
        admitAll()
        for event in watch?.news() ?? [] { handle(event) }
    }
}
