import Cassette
import Faults
import Measuring
import Simulation

/// Measures the pure core beside a bare event loop.
@main
struct CoreBenchmark {
    static let rounds = 7
    static let runsEach = 200

    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "profile" { return try profile() }
        let size = "\(Workload.callCount) calls × \(Workload.chunkCount) chunks"
        switch CommandLine.arguments.dropFirst().first {
        case "shrink": return try shrinking()
        case "threads": return try threads(size)
        default: break
        }
        let workload = try Workload()
        let loop = try BareLoop(workload)
        try compare("core runs, \(size)", workload, workload.undisturbed, loop)
        try compare("core runs, \(size), 3 faults", workload, try workload.disturbed(), loop)
        try compare(
            "core runs with digest, \(size)", workload, workload.undisturbed, loop,
            digests: true)
        try threads(size)
        try shrinking()
        try lookUps()
    }

    /// Runs that are needed to find three faults among two hundred, and what one of them costs.
    private static func shrinking() throws {
        let shrinking = try Shrinking()
        let loop = try BareLoop(shrinking.tape)
        var own = Shrinking.Result()
        var other = Shrinking.Result()
        let time = try Comparison(rounds: rounds) {
            own = try shrinking.shrinkAll()
            return own.seconds
        } _: {
            other = try shrinking.ddminAll()
            return other.seconds
        }
        let name = "shrinking \(Shrinking.faultCount) faults to \(Shrinking.neededCount)"
        let failures = Double(Shrinking.failureCount)
        Row(
            "\(name), runs needed, \(Shrinking.failureCount) failures",
            text(Double(own.runs) / failures, "runs each"),
            beside: "ddmin: " + text(Double(other.runs) / failures, "runs each"),
            ratio: times(Double(own.runs) / Double(other.runs))
        ).show()
        Row(
            "\(name), time", text(median(time.first) / failures * 1_000, "ms each"),
            beside: "ddmin: " + text(median(time.second) / failures * 1_000, "ms each"),
            ratio: times(time.ratio)
        ).show()
        let runs = own.runs
        let each = try Comparison(rounds: rounds) {
            Double(runs) / (try shrinking.shrinkAll().seconds)
        } _: {
            Double(runs) / shrinking.bareLoop(loop, runs: runs)
        }
        Row(
            "\(name), runs of \(Shrinking.faultCount) calls",
            text(median(each.first), "runs/s"),
            beside: "bare event loop: " + text(median(each.second), "runs/s"),
            ratio: times(each.ratio)
        ).show()
    }

    /// Two threads beside one, and whole sweeps on two.
    private static func threads(_ size: String) throws {
        let one = try Threads(1)
        let two = try Threads(2)
        let comparison = Comparison(rounds: rounds) {
            two.rate(runsEach: 10 * runsEach)
        } _: {
            one.rate(runsEach: 10 * runsEach)
        }
        Row(
            "core runs, \(size), 2 threads", text(median(comparison.first), "runs/s"),
            beside: "1 thread: " + text(median(comparison.second), "runs/s"),
            ratio: times(comparison.ratio)
        ).show()
        let kinds = "\(Workload.callCount) calls × \(Sweep.kinds.count) kinds"
        let pairs = Comparison(rounds: rounds) {
            two.secondsForAll(2)
        } _: {
            two.secondsForAll(2, digests: true)
        }
        Row(
            "all pairs of \(kinds), \(Sweep.runCount(2)) runs, 2 threads",
            text(median(pairs.first), "s"),
            beside: "with digests: " + text(median(pairs.second), "s"), ratio: times(pairs.ratio)
        ).show()
        let whole = Comparison(rounds: rounds) {
            two.secondsForAll(2)
        } _: {
            two.secondsForAll(2, shares: false)
        }
        Row(
            "the same, without digests", text(median(whole.first), "s"),
            beside: "each run whole: " + text(median(whole.second), "s"),
            ratio: times(whole.ratio)
        ).show()
        let triples = two.secondsForAll(3)
        let alone = two.secondsForAll(3, shares: false)
        Row(
            "all triples, \(Sweep.runCount(3)) runs, 2 threads, once", text(triples, "s"),
            beside: "each run whole: " + text(alone, "s"), ratio: times(triples / alone)
        ).show()
    }

    private static func compare(
        _ name: String, _ workload: Workload, _ plan: Plan, _ loop: BareLoop,
        digests: Bool = false
    ) throws {
        let cache = DeliveryCache()
        check(workload, plan, cache)
        var sum: UInt64 = 0
        let comparison = Comparison(rounds: rounds) {
            rate { run(workload, plan, cache, digests: digests) }
        } _: {
            rate { sum &+= loop.run() }
        }
        precondition(sum > 0, "the bare loop touched nothing")
        Row(
            name, text(median(comparison.first), "runs/s"),
            beside: "bare event loop: " + text(median(comparison.second), "runs/s"),
            ratio: times(comparison.ratio)
        ).show()
    }

    /// A benchmark of runs that fail would measure something else.
    private static func check(_ workload: Workload, _ plan: Plan, _ cache: DeliveryCache) {
        let trace = InProcessRun.trace(
            of: StreamingAgent(workload.requests), tape: workload.tape, plan: plan, cache: cache)
        precondition(trace.end == .exited(.code(0)), "the agent did not end by itself")
        precondition(trace.firedFaults.count == plan.faults.count, "not every fault fired")
        precondition(trace.exchanges.count == Workload.callCount, "not every call was made")
    }

    private static func run(
        _ workload: Workload, _ plan: Plan, _ cache: DeliveryCache, digests: Bool
    ) {
        let trace = InProcessRun.trace(
            of: StreamingAgent(workload.requests), tape: workload.tape, plan: plan, cache: cache)
        precondition(!trace.standardOutput.isEmpty, "the agent wrote nothing")
        if digests { precondition(trace.digest != trace.cassette, "not a digest of the run") }
    }

    private static func rate(_ body: () -> Void) -> Double {
        Double(runsEach) / seconds { for _ in 0..<runsEach { body() } }
    }

    private static func lookUps() throws {
        let large = try LookUp(count: 100_000)
        let small = try LookUp(count: 1_000)
        var mine: [(first: Double, again: Double)] = []
        var theirs: [(first: Double, again: Double)] = []
        for round in 0..<rounds {
            mine.append(large.microsecondsEach(round: round))
            theirs.append(small.microsecondsEach(round: round))
        }
        show("first look-up", mine.map(\.first), theirs.map(\.first))
        show("look-up of bytes seen before", mine.map(\.again), theirs.map(\.again))
    }

    private static func show(_ name: String, _ large: [Double], _ small: [Double]) {
        let (mine, theirs) = (median(large.sorted()), median(small.sorted()))
        Row(
            "core, \(name), 100,000 interactions", text(mine, "µs"),
            beside: "1,000 interactions: " + text(theirs, "µs"), ratio: times(mine / theirs)
        ).show()
    }

    /// Runs long enough for a profiler: `CoreBenchmark profile MODE [COUNT]`, where the mode is
    /// `plain`, `faults` or `digest`, or one of the sweeps `triples`, `triples-digest` and
    /// `triples-whole`, of which about so many runs are made.
    private static func profile() throws {
        let mode = CommandLine.arguments.dropFirst(2).first ?? "plain"
        let count = CommandLine.arguments.dropFirst(3).first.flatMap { Int($0) } ?? 10_000
        if mode.hasPrefix("triples") {
            let runs = try Sweep().runAll(
                3, from: 0, stride: max(1, Sweep.runCount(3) / count),
                digests: mode == "triples-digest", shares: mode != "triples-whole")
            print("\(runs) runs")
            return
        }
        let workload = try Workload()
        let plan = mode == "faults" ? try workload.disturbed() : workload.undisturbed
        let cache = DeliveryCache()
        for _ in 0..<count { run(workload, plan, cache, digests: mode == "digest") }
    }
}
