public import Faults
internal import Judgement
public import Simulation
public import Cassette
internal import Determinism

/// The run function that search calls: from plans to what was seen.
public protocol PlanRunner {
    /// How many plans can run side by side; a batch that is smaller leaves workers idle.
    var width: Int { get }

    /// Runs plans in any order, and gives what was seen in the order of the plans.
    ///
    /// The same plan must give the same observation.
    mutating func run(_ plans: [Plan]) throws -> [Observation]
}

extension PlanRunner {
    /// Runs one plan.
    public mutating func run(_ plan: Plan) throws -> Observation {
        let seen = try run([plan])
        guard let first = seen.first else {
            preconditionFailure("a runner gives one observation for each plan")
        }
        return first
    }
}

/// Runs plans with an agent that is a state machine inside this process.
///
/// Each run is whole, from the start of the agent, unless runs may share their beginnings, which is
/// much faster for combinations of faults. That is for agents that are values all through: a state
/// of the agent is kept in the middle of a run and taken up again, and what a reference in it leads
/// to would have gone on meanwhile.
public struct InProcessRunner<Agent: InProcessAgent>: PlanRunner {
    /// One after the other.
    public var width: Int { 1 }

    /// What shares beginnings; nil where each run is whole.
    private var runs: InProcessRuns<Agent>?
    private let agent: Agent
    private let tape: Tape
    private let cache: DeliveryCache
    private let options: WorldOptions
    private var rules: (texts: [JSONValue], invariants: [Invariant])?
    private var calm: (plan: Plan, trace: Trace)?

    /// Creates a runner; each run begins with a copy of the agent.
    ///
    /// With `sharesBeginnings`, a run goes on from where one before it was the same. The agent must
    /// then be a value all through: no object and no shared storage may be in it.
    public init(
        _ agent: Agent, tape: Tape, cache: DeliveryCache = DeliveryCache(),
        options: WorldOptions = WorldOptions(clock: .virtual), sharesBeginnings: Bool = false
    ) {
        if sharesBeginnings {
            runs = InProcessRuns(of: agent, tape: tape, cache: cache, options: options)
        }
        self.agent = agent
        self.tape = tape
        self.cache = cache
        self.options = options
    }

    /// Runs plans one after the other; throws what a rule that cannot be read throws.
    public mutating func run(_ plans: [Plan]) throws -> [Observation] {
        try plans.map { plan in
            let invariants = try invariants(plan)
            let trace = runs?.trace(plan) ?? trace(plan)
            let conduct = Conduct(trace, undisturbed: undisturbed(invariants, plan, trace))
            return Observation(
                trace, plan: plan, results: invariants.map { $0.evaluate(conduct) })
        }
    }

    /// The trace of one run.
    public func trace(_ plan: Plan) -> Trace {
        InProcessRun.trace(of: agent, tape: tape, plan: plan, cache: cache, options: options)
    }

    private mutating func invariants(_ plan: Plan) throws -> [Invariant] {
        if let rules, rules.texts == plan.invariants { return rules.invariants }
        let parsed = try Invariant.parse(all: plan.invariants)
        rules = (plan.invariants, parsed)
        return parsed
    }

    private mutating func undisturbed(
        _ invariants: [Invariant], _ plan: Plan, _ own: Trace
    ) -> Trace? {
        guard invariants.contains(where: \.comparesWithUndisturbed) else { return nil }
        if plan.faults.isEmpty { return own }
        var bare = plan
        bare.faults = []
        if let calm, calm.plan == bare { return calm.trace }
        let trace = trace(bare)
        calm = (bare, trace)
        return trace
    }
}
