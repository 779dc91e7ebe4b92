internal import Determinism
public import Faults
public import Judgement

/// One plan of a certificate and what came of it.
public struct CertificateRow: Hashable, Sendable {
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
    /// The first 8 bytes of the run's digest; nil when it was not run.
    public var digest: UInt64?
    /// The failure, as a place in the list of failures; nil when it did not fail.
    public var failure: Int?
    /// Why a fault could not apply, or which one masked it; empty where nothing is to be said.
    public var reason: String
    /// How many of its verdicts wait for a judge.
    public var waiting = 0

    init(_ row: ExplorationRow) {
        phase = row.phase
        number = row.number
        sites = row.sites
        plan = row.plan
        standing = row.standing
        verdict = row.verdict
        digest = row.digest?.prefix64
        failure = row.failure
        reason = row.reason
        waiting = row.waiting
    }

    init(phase: ExplorationPhase, number: Int, sites: [Int], standing: Standing) {
        self.phase = phase
        self.number = number
        self.sites = sites
        self.standing = standing
        reason = ""
    }

    /// The rung and the number, as in `pairs 17`.
    public var name: String { "\(phase.rawValue) \(number)" }
}

/// A record of which combinations of faults were tried on an agent, and with what result.
///
/// Its bytes are canonical: the same exploration gives the same bytes, however it was divided and
/// however often it was cut off and resumed. All of it save the grade, and the seal over it, is the
/// same on every machine: a grade says how far that machine had the runs under control.
public struct Certificate: Hashable, Sendable {
    /// The version of the form.
    public static let schemaVersion = 2

    /// What it is about.
    public var identity: CertificateIdentity
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
    /// The plans of the rungs that make their own.
    public var plans: [Plan]
    /// The rows in the order of the ladder.
    public var rows: [CertificateRow]
    /// The kinds of failure in the order in which they were found.
    public var failures: [FoundFailure]
    /// The rungs that were asked for and not begun.
    public var notBegun: [ExplorationPhase]
    /// Whether the budget was spent before the work was done.
    public var wasCutOff: Bool
    /// The worst grade of the runs; nil when there was none.
    public var grade: GradeLetter?

    /// Certifies an exploration.
    public init(_ exploration: Exploration, identity: CertificateIdentity) {
        self.identity = identity
        base = exploration.base.sorted
        calls = exploration.calls
        sites = exploration.sites
        firstSites = exploration.firstSites
        inapplicable = exploration.inapplicable
        plans = exploration.plans.map(\.sorted)
        rows = exploration.rows.map { CertificateRow($0) }
        failures = exploration.failures.map { failure in
            var failure = failure
            failure.plan = failure.plan.sorted
            return failure
        }
        notBegun = exploration.notBegun
        wasCutOff = exploration.wasCutOff
        grade = exploration.grade
    }

    /// The plan of a row.
    public func plan(of row: CertificateRow) -> Plan {
        if let place = row.plan { return plans[place] }
        var plan = base
        plan.faults = row.sites.map { sites[$0].fault }
        return plan
    }

    /// How many plans were run.
    public var runs: Int { rows.count { $0.verdict != nil } }

    /// Whether nothing is left to be run.
    public var isComplete: Bool {
        notBegun.isEmpty && !wasCutOff && !rows.contains { $0.standing == .left }
    }

    /// How many runs had this verdict.
    public func count(of verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }

    /// How many verdicts of all runs wait for a judge.
    public var waiting: Int {
        rows.reduce(0) { $0 + $1.waiting }
    }

    /// How many rows of a rung have each standing.
    public func tally(_ phase: ExplorationPhase) -> StandingTally {
        var tally = StandingTally()
        for row in rows where row.phase == phase { tally.add(row.standing, row.verdict) }
        return tally
    }

    /// The rungs of which there are rows, in the order of the ladder.
    public var phases: [ExplorationPhase] {
        ExplorationPhase.allCases.filter { phase in rows.contains { $0.phase == phase } }
    }
}

extension Plan {
    /// The plan with its rules in canonical form, as it is when it is read.
    fileprivate var sorted: Plan {
        var plan = self
        plan.invariants = invariants.map(\.membersSorted)
        return plan
    }
}
