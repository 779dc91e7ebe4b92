internal import Faults
internal import Determinism
internal import Judgement

/// Climbs the ladder of exploration over a run function.
///
/// What it does depends only on the space, the options and what is seen; so a search that was cut
/// off is resumed by a runner that remembers what it saw.
public struct Explorer<Runner: PlanRunner> {
    /// Ends the search from outside, as when time is up.
    struct Spent: Error {}

    let space: FaultSpace
    let options: ExplorationOptions
    var runner: Runner
    var result: Exploration
    /// Observations of single faults, by site; nil where none was run.
    var singles: [Observation?] = []
    /// The calm run.
    var calm: Observation?
    /// For each site the earlier one from which no agent can tell it.
    var twins: [Int?] = []
    /// For each pair of faults that both struck, the sites that its run reaches afterwards.
    var pairReach: [PairKey: [Bool]] = [:]
    private var places: [FaultSite: Int] = [:]
    private var signatures: [FailureSignature: Int] = [:]
    private var sitesByAnchor: [ReachedAnchor: [FaultSite]] = [:]
    private var drawnAttempts: Set<Int> = []
    private var failed = 0
    private var runs = 0
    private let isSpent: () -> Bool
    private let progress: (ExplorationProgress) -> Void

    /// Creates an explorer; `isSpent` is asked between batches whether to stop.
    public init(
        _ space: FaultSpace, runner: Runner, options: ExplorationOptions,
        isSpent: @escaping () -> Bool = { false },
        progress: @escaping (ExplorationProgress) -> Void = { _ in }
    ) {
        self.space = space
        self.runner = runner
        self.options = options.withFoundations
        self.isSpent = isSpent
        self.progress = progress
        result = Exploration(of: space)
        for (index, site) in space.sites.enumerated() {
            places[site] = index
            sitesByAnchor[site.anchor, default: []].append(site)
        }
        singles = Array(repeating: nil, count: space.sites.count)
        twins = Array(repeating: nil, count: space.sites.count)
    }

    /// Climbs until the top or until the budget is spent; throws what the runner throws, and an
    /// `ExplorationError` before any run.
    public mutating func explore() throws -> Exploration {
        try checkCombinations()
        do {
            try climb()
        } catch is Spent {
            // What is left stands in the rows.
            result.wasCutOff = true
        }
        return result
    }

    private mutating func climb() throws {
        let phases = ExplorationPhase.allCases.filter { options.phases.contains($0) }
        result.notBegun = phases
        for phase in phases {
            result.notBegun.removeFirst()
            switch phase {
            case .saved: try replaySaved()
            case .calm: try runCalm()
            case .singles: try runSingles()
            case .followUps: try runFollowUps()
            case .boundaries: try runBoundaries()
            case .pairs: try runPairs()
            case .triples: try runTriples()
            case .orders: try runOrders()
            case .swarm: try runSwarm()
            case .liveness: try runLiveness()
            }
        }
    }

    // MARK: Running

    /// A plan that is to be run, for a row.
    struct Probe {
        var row: ExplorationRow
        /// The plan; nil for that of the row's sites, which is made when it is run.
        var plan: Plan?
    }

    /// Runs the probes that are this shard's and puts their rows into the result, with those that
    /// were `decided` without a run; `seen` is given each observation in order.
    ///
    /// What is `isShared` is run by every shard: later rows are built on what is seen of it.
    mutating func run(
        _ phase: ExplorationPhase, _ probes: [Probe], decided: [ExplorationRow] = [],
        isShared: Bool = false,
        seen: (inout Self, Probe, Observation) throws -> Void = { _, _, _ in }
    ) throws {
        let first = result.rows.count
        let total = probes.count + decided.count
        // All rows stand there from the beginning: what is not reached is left.
        var rows = probes.map { keepingPlan($0) } + decided
        rows.sort { $0.number < $1.number }
        result.rows += rows
        var positions: [Int: Int] = [:]
        for (offset, row) in rows.enumerated() { positions[row.number] = first + offset }
        let own =
            isShared ? probes : probes.filter { options.owns($0.row.number) }
        var next = 0
        var done = decided.count + probes.count - own.count
        // Enough for every worker, and not so many that a stop would lose much.
        let batch = max(1, runner.width) * 8
        while next < own.count {
            var end = min(next + batch, own.count)
            if let most = options.runsMax { end = min(end, next + max(0, most - runs)) }
            guard end > next, !isSpent() else { throw Spent() }
            let part = own[next..<end]
            let plans = part.map { $0.plan ?? plan($0.row.sites) }
            let observations = try runner.run(plans)
            precondition(
                observations.count == plans.count,
                "a runner gives one observation for each plan")
            for (index, (probe, observation)) in zip(part, observations).enumerated() {
                if let position = positions[probe.row.number] {
                    note(observation, of: probe.row, plans[index], at: position)
                }
                try seen(&self, probe, observation)
            }
            done += part.count
            next = end
            progress(
                ExplorationProgress(
                    phase: phase, done: done, total: total, failed: failed, runs: runs))
        }
    }

    private mutating func keepingPlan(_ probe: Probe) -> ExplorationRow {
        guard let plan = probe.plan else { return probe.row }
        var row = probe.row
        row.plan = result.plans.count
        result.plans.append(plan)
        return row
    }

    private mutating func note(
        _ observation: Observation, of row: ExplorationRow, _ plan: Plan, at position: Int
    ) {
        runs += 1
        result.grade = max(result.grade ?? observation.grade, observation.grade)
        result.rows[position].verdict = observation.verdict
        result.rows[position].digest = observation.digest
        result.rows[position].waiting = observation.rules.count { $0 == .waiting }
        let (standing, reason) = Explorer.standing(observation, of: plan)
        result.rows[position].standing = standing
        result.rows[position].reason = reason
        guard let signature = observation.signature else { return }
        failed += 1
        if let known = signatures[signature] {
            result.failures[known].count += 1
            result.rows[position].failure = known
            return
        }
        signatures[signature] = result.failures.count
        result.rows[position].failure = result.failures.count
        result.failures.append(
            FoundFailure(
                signature: signature, phase: row.phase, number: row.number,
                plan: observation.closed(plan), reason: observation.reason))
    }

    private static func standing(
        _ observation: Observation, of plan: Plan
    ) -> (Standing, reason: String) {
        if observation.fired.count == plan.faults.count { return (.covered, "") }
        var standing = Standing.unreachable
        var reason = ""
        for met in observation.faults {
            switch met.fate {
            case .masked(let winner): return (.masked, "masked by \(winner)")
            case .inapplicable(let text):
                standing = .inapplicable
                if reason.isEmpty { reason = text }
            case .fired, .unreached: break
            }
        }
        return (standing, reason)
    }

    // MARK: Sites

    /// The places of the faults at an anchor; those of later attempts are drawn when they are
    /// first asked for.
    mutating func sites(at anchor: ReachedAnchor) throws -> [Int] {
        if drawnAttempts.insert(anchor.attempt).inserted {
            for site in try space.later(anchor.attempt) {
                sitesByAnchor[site.anchor, default: []].append(site)
            }
        }
        return (sitesByAnchor[anchor] ?? []).map { place(of: $0) }
    }

    private mutating func place(of site: FaultSite) -> Int {
        if let known = places[site] { return known }
        places[site] = result.sites.count
        result.sites.append(site)
        singles.append(nil)
        twins.append(nil)
        return result.sites.count - 1
    }

    func plan(_ sites: [Int]) -> Plan {
        space.plan(sites.map { result.sites[$0] })
    }
}
