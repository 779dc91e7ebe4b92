internal import Cassette
public import Determinism
public import Faults
public import Judgement

/// The rungs of the ladder, in the order in which they are climbed.
public enum ExplorationPhase: String, Hashable, Sendable, CaseIterable {
    /// Failures of earlier storms.
    case saved
    /// No fault at all.
    case calm
    /// Every single fault at every call.
    case singles
    /// A second fault at a call that appeared only after a first one.
    case followUps = "follow-ups"
    /// Delays just below, at and above each deadline that the agent was seen to set.
    case boundaries
    /// Every two faults at different calls.
    case pairs
    /// Every three faults at different calls.
    case triples
    /// Other orders of requests that wait together.
    case orders
    /// Many faults at once, drawn by seed, with some kinds left out.
    case swarm
    /// Bursts of faults after which everything is healthy: the agent must come to an end.
    case liveness
}

/// What is known of one plan of an exploration.
public enum Standing: String, Hashable, Sendable, CaseIterable {
    /// It was run, and all its faults changed a delivery.
    case covered
    /// It was run, and one fault kept another from striking.
    case masked
    /// A fault of it cannot change the answer that it is aimed at.
    case inapplicable
    /// No run reaches all its faults: after one of them the agent never makes the call of another.
    case unreachable
    /// No agent can tell it from the plan with the other fault in that place, which was run.
    case equivalent
    /// It was not run: the budget was spent, or it is the work of another shard.
    case left
}

/// One plan of an exploration and what came of it.
public struct ExplorationRow: Hashable, Sendable {
    /// Its rung.
    public var phase: ExplorationPhase
    /// Its place on the rung, from 0.
    public var number: Int
    /// Its faults, as places in the list of sites; empty where the rung makes its own.
    public var sites: [Int]
    /// Its plan, as a place in the list of plans; nil where it is the one of the sites.
    public var plan: Int?
    /// What is known of it.
    public var standing: Standing
    /// The verdict; nil when it was not run.
    public var verdict: Verdict?
    /// The run's digest; nil when it was not run.
    public var digest: Digest?
    /// The failure, as a place in the list of failures; nil when it did not fail.
    public var failure: Int?
    /// Why a fault could not apply, or which one masked it; empty where nothing is to be said.
    public var reason = ""
    /// How many of its verdicts wait for a judge.
    public var waiting = 0

    /// Creates a row that was not run.
    public init(
        phase: ExplorationPhase, number: Int, sites: [Int] = [], standing: Standing = .left
    ) {
        self.phase = phase
        self.number = number
        self.sites = sites
        self.standing = standing
    }
}

/// One kind of failure that was found.
public struct FoundFailure: Hashable, Sendable {
    /// What makes it the same.
    public var signature: FailureSignature
    /// Where it was found first.
    public var phase: ExplorationPhase
    /// The number of that row on its rung.
    public var number: Int
    /// The closed plan of that run.
    public var plan: Plan
    /// Why, in one sentence.
    public var reason: String
    /// How many runs failed so.
    public var count: Int

    /// Creates a failure.
    public init(
        signature: FailureSignature, phase: ExplorationPhase, number: Int, plan: Plan,
        reason: String, count: Int = 1
    ) {
        self.signature = signature
        self.phase = phase
        self.number = number
        self.plan = plan
        self.reason = reason
        self.count = count
    }
}

/// What an exploration found.
public struct Exploration: Hashable, Sendable {
    /// The plan without a fault.
    public var base: Plan
    /// How many calls are recorded.
    public var calls: Int
    /// The faults: those of the recorded path, then those of calls that appeared later.
    public var sites: [FaultSite]
    /// How many of them are on the recorded path.
    public var firstSites: Int
    /// Faults that can never apply where the scenario aims them.
    public var inapplicable: [InapplicableFault]
    /// The rows in the order of the ladder.
    public var rows: [ExplorationRow]
    /// The plans of the rungs that make their own.
    public var plans: [Plan] = []
    /// The kinds of failure in the order in which they were found.
    public var failures: [FoundFailure]
    /// The rungs that were asked for and not begun, because the budget was spent before.
    public var notBegun: [ExplorationPhase] = []
    /// Whether the budget was spent before the work was done.
    public var wasCutOff = false
    /// The worst grade of the runs; nil when there was none.
    public var grade: GradeLetter?

    /// Creates an exploration without rows.
    public init(
        of space: FaultSpace, rows: [ExplorationRow] = [], failures: [FoundFailure] = []
    ) {
        base = space.base
        calls = space.tape.entries.count
        sites = space.sites
        firstSites = space.sites.count
        inapplicable = space.inapplicable
        self.rows = rows
        self.failures = failures
    }

    /// The plan of a row.
    public func plan(of row: ExplorationRow) -> Plan {
        if let place = row.plan { return plans[place] }
        var plan = base
        plan.faults = row.sites.map { sites[$0].fault }
        return plan
    }

    /// How many plans were run.
    public var runs: Int { rows.count { $0.verdict != nil } }

    /// The verdicts of all runs, in the order of the rows.
    public var verdicts: [Verdict] { rows.compactMap(\.verdict) }
}

/// How many rows have each standing.
public struct StandingTally: Hashable, Sendable {
    /// All rows.
    public private(set) var total = 0
    /// Rows that were run, with all faults fired.
    public private(set) var covered = 0
    /// Rows of which one fault kept another from striking.
    public private(set) var masked = 0
    /// Rows with a fault that cannot apply.
    public private(set) var inapplicable = 0
    /// Rows that no run reaches.
    public private(set) var unreachable = 0
    /// Rows that equal another one.
    public private(set) var equivalent = 0
    /// Rows that were not run.
    public private(set) var left = 0
    /// Rows that were run and failed.
    public private(set) var failed = 0
    /// Rows that were run.
    public private(set) var runs = 0

    init() {}

    /// Counts one more row.
    mutating func add(_ standing: Standing, _ verdict: Verdict?) {
        total += 1
        switch standing {
        case .covered: covered += 1
        case .masked: masked += 1
        case .inapplicable: inapplicable += 1
        case .unreachable: unreachable += 1
        case .equivalent: equivalent += 1
        case .left: left += 1
        }
        if let verdict {
            runs += 1
            if verdict.isFailure { failed += 1 }
        }
    }
}
