internal import Synchronization

/// What was seen of an agent that lowers the grade; filled on the loop, read when the run is over.
package final class CapsuleFindings: Sendable {
    private struct State {
        var timedCalls: [String] = []
        var overlaps = 0
        var longOverlaps = 0
        var forcedWaits = 0
        var waiting: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// The calls that real time ended.
    package var timedCalls: [String] { state.withLock { $0.timedCalls } }

    /// In how many stretches between two events more than one thread ran.
    package var overlaps: Int { state.withLock { $0.overlaps } }

    /// In how many of them they ran for so long that a time slice may have ended.
    package var longOverlaps: Int { state.withLock { $0.longOverlaps } }

    // A time slice of SCHED_RR is 100 ms unless an administrator chose otherwise.
    private static let sliceNanoseconds: UInt64 = 90_000_000

    /// How many waits for a lock were ended because its holder computed for too long.
    package var forcedWaits: Int { state.withLock { $0.forcedWaits } }

    func noteForcedWait() {
        state.withLock { $0.forcedWaits += 1 }
    }

    /// The threads of an agent that hangs, and the call that each is in.
    package var waiting: [String] { state.withLock { $0.waiting } }

    func noteHang(_ threads: [String]) {
        state.withLock { $0.waiting = threads }
    }

    func noteTimedCall(_ number: Int) {
        let name = SystemCall.name(number)
        state.withLock { if !$0.timedCalls.contains(name) { $0.timedCalls.append(name) } }
    }

    func noteThreads(ran count: Int, nanoseconds: UInt64) {
        guard count > 1 else { return }
        state.withLock { state in
            state.overlaps += 1
            if nanoseconds >= Self.sliceNanoseconds { state.longOverlaps += 1 }
        }
    }
}
