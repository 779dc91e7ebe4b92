import Cassette
import Determinism
import Dispatch
import Faults
import Measuring
import Simulation

/// Every combination of a few kinds of faults, each at another call.
///
/// It holds a tape and prepared deliveries of its own: one for each thread.
struct Sweep {
    /// Kinds of several layers, after which the agent goes on.
    static let kinds = [
        "ttfb-spike", "chunk-merge", "duplicate-chunk", "server-error", "conn-reset-mid-body",
    ]

    let workload: Workload
    let cache = DeliveryCache()
    private let byCall: [[PlannedFault]]

    init() throws {
        let workload = try Workload()
        byCall = try (1...Workload.callCount).map { call in
            let plan = try workload.plan(Sweep.kinds.map { ($0, call) })
            precondition(plan.faults.count == Sweep.kinds.count, "not every kind was planned")
            return plan.faults
        }
        self.workload = workload
        // A sweep of faults that do nothing would measure something else.
        for fault in byCall.joined() {
            var plan = workload.undisturbed
            plan.faults = [fault]
            precondition(trace(plan).firedFaults == [fault], "\(fault.fault) did not fire")
        }
    }

    /// How many runs all pairs, or all triples, are.
    static func runCount(_ size: Int) -> Int {
        let calls = Workload.callCount
        let pairs = calls * (calls - 1) / 2 * kinds.count * kinds.count
        return size == 2 ? pairs : pairs * (calls - 2) / 3 * kinds.count
    }

    /// Runs a share of all combinations, as one of `stride` threads; gives how many that were.
    ///
    /// Each goes on from where the one before is the same, unless `shares` is false. So a thread
    /// takes stretches of combinations that follow each other.
    func runAll(
        _ size: Int, from first: Int, stride: Int, digests: Bool, shares: Bool = true
    ) -> Int {
        var shared = InProcessRuns(
            of: StreamingAgent(workload.requests), tape: workload.tape, cache: cache)
        let stretch = Sweep.kinds.count * Workload.callCount
        var plan = workload.undisturbed
        var next = 0
        var runs = 0
        combine(size, from: 0) { faults in
            next += 1
            guard next / stretch % stride == first else { return }
            plan.faults = faults
            let trace = shares ? shared.trace(plan) : trace(plan)
            precondition(trace.end == .exited(.code(0)), "the agent did not end by itself")
            if digests { precondition(trace.digest != trace.cassette, "not a digest of the run") }
            runs += 1
        }
        return runs
    }

    /// One run.
    func trace(_ plan: Plan) -> Trace {
        InProcessRun.trace(
            of: StreamingAgent(workload.requests), tape: workload.tape, plan: plan, cache: cache)
    }

    private func combine(_ size: Int, from call: Int, _ visit: ([PlannedFault]) -> Void) {
        guard size > 0 else { return visit([]) }
        for call in call..<byCall.count {
            for fault in byCall[call] {
                combine(size - 1, from: call + 1) { visit([fault] + $0) }
            }
        }
    }
}

/// Several sweeps side by side, each on a thread of its own.
struct Threads {
    let sweeps: [Sweep]

    init(_ count: Int) throws {
        sweeps = try (0..<count).map { _ in try Sweep() }
    }

    /// How many seconds all combinations take.
    func secondsForAll(_ size: Int, digests: Bool = false, shares: Bool = true) -> Double {
        let sweeps = sweeps
        return seconds {
            DispatchQueue.concurrentPerform(iterations: sweeps.count) { place in
                let runs = sweeps[place].runAll(
                    size, from: place, stride: sweeps.count, digests: digests, shares: shares)
                precondition(runs > 0, "nothing was run")
            }
        }
    }

    /// How many undisturbed runs a second they make together.
    func rate(runsEach: Int) -> Double {
        let sweeps = sweeps
        let spent = seconds {
            DispatchQueue.concurrentPerform(iterations: sweeps.count) { place in
                for _ in 0..<runsEach {
                    let trace = sweeps[place].trace(sweeps[place].workload.undisturbed)
                    precondition(!trace.standardOutput.isEmpty, "the agent wrote nothing")
                }
            }
        }
        return Double(runsEach * sweeps.count) / spent
    }
}
