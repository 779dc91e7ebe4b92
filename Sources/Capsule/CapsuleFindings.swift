internal import Synchronization

/// What was seen of an agent that lowers the grade; filled on the loop, read when the run is over.
package final class CapsuleFindings: Sendable {
    private struct State {
        var timedCalls: [String] = []
        var overlaps = 0
        var sharedOverlaps = 0
        var waiting: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// The calls that real time ended.
    package var timedCalls: [String] { state.withLock { $0.timedCalls } }

    /// In how many stretches between two events more than one thread ran.
    package var overlaps: Int { state.withLock { $0.overlaps } }

    /// In how many of them one computed for so long that the others were let in by real time.
    package var sharedOverlaps: Int { state.withLock { $0.sharedOverlaps } }

    /// The threads of an agent that hangs, and the call that each is in.
    package var waiting: [String] { state.withLock { $0.waiting } }

    func noteHang(_ threads: [String]) {
        state.withLock { $0.waiting = threads }
    }

    func noteTimedCall(_ number: Int) {
        let name = SystemCall.name(number)
        state.withLock { if !$0.timedCalls.contains(name) { $0.timedCalls.append(name) } }
    }

    func noteThreads(ran count: Int, shared: Bool) {
        guard count > 1 else { return }
        state.withLock { state in
            state.overlaps += 1
            if shared { state.sharedOverlaps += 1 }
        }
    }
}
