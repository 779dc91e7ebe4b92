import NIOCore
import Simulation

/// What a proof is about: everything that is under way between the agent and this process.
protocol QuiescenceOwner: AnyObject {
    /// Goes up whenever something arrives, or is found to have left.
    var activity: UInt64 { get }
    /// Whether all that the agent sent is where it can be read here.
    func hasReceivedAll() -> Bool
    /// Whether all that was sent is where the agent can read it.
    func hasAllArrived() -> Bool
    /// Asks for `barrierPassed` of the proof once everything is handled that is ready now.
    func raiseBarrier()
    /// It is proven: nothing runs, and nothing is under way.
    func quiescent()
    /// The agent takes more than it may.
    func exceeds(_ text: String)
}

/// Proves that nothing of the agent runs and nothing is under way, again and again.
///
/// Only then may time move.
///
/// 1. A first look finds every thread asleep, and all that they sent has reached our sockets.
/// 2. Two barriers pass through the loop: whatever was ready has been handled, and none of it was
/// news. One would not do: a connection that is accepted before it passes is set up by tasks of the
/// loop, which run after it. 3. All that was sent has arrived. 4. A second look finds the same
/// threads asleep, none of which ran since the first.
///
/// Confined to one loop.
final class QuiescenceProof {
    private unowned let owner: any QuiescenceOwner
    private let watch: any AgentWatch
    private let loop: any EventLoop
    private var attempt = 0
    private var first: (signature: UInt64, activity: UInt64)?
    private var barriersLeft = 0
    private var isOver = false

    init(of owner: any QuiescenceOwner, watch: any AgentWatch, loop: any EventLoop) {
        self.owner = owner
        self.watch = watch
        self.loop = loop
    }

    /// Begins the next proof; the one before has done its work.
    func begin() {
        attempt = 0
        look()
    }

    /// Proves no more.
    func end() {
        isOver = true
        first = nil
    }

    func barrierPassed() {
        guard let begun = first, !isOver else { return }
        barriersLeft -= 1
        if barriersLeft > 0, owner.activity == begun.activity { return owner.raiseBarrier() }
        first = nil
        guard owner.activity == begun.activity, owner.hasAllArrived(),
            // Finding out may have shown that the agent left a connection.
            owner.activity == begun.activity,
            watch.look(closely: true) == .asleep(signature: begun.signature)
        else { return again() }
        attempt = 0
        owner.quiescent()
    }

    private func look() {
        guard !isOver else { return }
        switch watch.look(closely: false) {
        case .busy: again()
        case .exceeds(let text): owner.exceeds(text)
        case .asleep(let signature):
            guard owner.hasReceivedAll() else { return again() }
            first = (signature, owner.activity)
            barriersLeft = 2
            owner.raiseBarrier()
        }
    }

    private func again() {
        guard !isOver else { return }
        let delay = Self.backOff(attempt)
        attempt += 1
        loop.assumeIsolated().scheduleTask(in: delay) { [weak self] in self?.look() }
    }

    /// An agent is asleep again soon after a step, or computes for long.
    private static func backOff(_ attempt: Int) -> TimeAmount {
        let microseconds: [Int64] = [10, 10, 20, 20, 30, 30, 50, 50, 100, 100, 200, 200, 500]
        if attempt < microseconds.count { return .microseconds(microseconds[attempt]) }
        return .milliseconds(attempt < 60 ? 1 : 4)
    }
}
