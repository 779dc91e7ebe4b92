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
        var budget = DetailBudget()
        exchanges = []
        for record in trace.exchanges.sorted(by: { $0.id < $1.id }).prefix(RunDetail.exchangesMax) {
            exchanges.append(
                ExchangeDetail(
                    record, clock: trace.clock, recorded: record.ordinal.flatMap(recorded),
                    budget: &budget))
        }
        moments = []
        // On a real clock the log has no order that repeats.
        guard trace.clock == .virtual else { return }
        let momentsKept = budget.items(trace.eventCount, max: RunDetail.momentsMax)
        let end = EndText.text(of: trace.end)
        moments = trace.log.lazy.compactMap { RunMoment($0.event, at: $0.at, end: end) }
            .prefix(momentsKept).map { $0 }
    }
}

/// A run with all that a report shows of it.
package struct DetailedRun: Hashable, Sendable {
    package var summary: RunSummary
    package var detail: RunDetail
    /// Whether the run that was looked at is the one that was reported.
    package var isSame: Bool

    package init(summary: RunSummary, detail: RunDetail) {
        self.summary = summary
        self.detail = detail
        isSame = summary.digest == detail.digest
    }

    /// A closer look at a reported run, taken when its closed plan was run `again`.
    ///
    /// What is said of an exchange and its bodies come from one and the same run: where the second
    /// one did something else, it is shown, under the seed and the command of the first.
    package init(of reported: RunSummary, again: RunSummary, detail: RunDetail) {
        self.init(summary: reported, detail: detail)
        guard !isSame || !again.hasExchanges(of: reported) else { return }
        summary = again
        summary.seed = reported.seed
        summary.plan = reported.plan
        summary.reproduce = reported.reproduce
    }
}

extension RunSummary {
    /// Whether its exchanges stand in the same order and were answered alike.
    fileprivate func hasExchanges(of other: RunSummary) -> Bool {
        exchanges.elementsEqual(other.exchanges) { one, other in
            one.upstream == other.upstream && one.route == other.route && one.take == other.take
                && one.attempt == other.attempt && one.status == other.status
        }
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
