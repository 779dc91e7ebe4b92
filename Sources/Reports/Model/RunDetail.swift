package import Cassette
package import Determinism
internal import Judgement
package import Simulation

/// What only the report of a single run shows: bodies, steps and the log, all within bounds.
///
/// Made by the worker where the trace is; `json` and `init(json:)` round-trip exactly.
package struct RunDetail: Hashable, Sendable {
    /// How many exchanges are kept.
    static let exchangesMax = 200
    /// How many entries of the log are kept.
    static let momentsMax = 2_000

    /// The run that was looked at.
    package var digest: Digest
    /// How time passed.
    package var clock: ClockMode
    package var exchanges: [ExchangeDetail]
    package var moments: [RunMoment]

    /// Looks at a run; `recorded` gives the interaction with an ordinal.
    package init(_ result: RunResult, recorded: (Int) -> Interaction?) {
        let trace = result.trace
        digest = result.digest
        clock = trace.clock
        exchanges = trace.exchanges.sorted { $0.id < $1.id }.prefix(RunDetail.exchangesMax).map {
            ExchangeDetail($0, clock: trace.clock, recorded: $0.ordinal.flatMap(recorded))
        }
        let end = EndText.text(of: trace.end)
        // On a real clock the log has no order that repeats.
        moments =
            trace.clock == .real
            ? []
            : trace.log.lazy.compactMap { RunMoment($0.event, at: $0.at, end: end) }
                .prefix(RunDetail.momentsMax).map { $0 }
    }
}

/// A run with all that a report shows of it.
package struct DetailedRun: Hashable, Sendable {
    package var summary: RunSummary
    package var detail: RunDetail

    package init(summary: RunSummary, detail: RunDetail) {
        self.summary = summary
        self.detail = detail
    }
}

/// The runs of a storm that a report shows in full.
package struct RunDetails: Hashable, Sendable {
    /// How many distinct failures are shown in full.
    static let failuresMax = 100
    /// How many runs that passed are.
    static let passesMax = 20

    /// The run without a fault.
    package var undisturbed: DetailedRun?
    /// By position among the runs of the storm.
    package var runs: [Int: DetailedRun]

    package init(undisturbed: DetailedRun? = nil, runs: [Int: DetailedRun] = [:]) {
        self.undisturbed = undisturbed
        self.runs = runs
    }

    /// The positions of the runs that deserve it, in order: one of each distinct failure, and the
    /// first that passed.
    package static func choice(_ runs: [RunSummary]) -> [Int] {
        var failures: [Int] = []
        for group in GroupPlaces(runs).examples.prefix(failuresMax) { failures.append(group) }
        let passes = runs.indices.filter {
            runs[$0].verdict == .passed || runs[$0].verdict == .passedAssumed
        }
        return (failures + passes.prefix(passesMax)).sorted()
    }
}
