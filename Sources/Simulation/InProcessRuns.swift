public import Cassette
public import Faults

/// Runs of one agent on one tape, of which each goes on from where the one before is the same.
///
/// Before an answer that a plan may disturb the state of world and agent is kept. The next plan
/// resumes the latest of these that its own run would reach too, so that plans that follow each other
/// with equal first faults, as all pairs and triples do, cost only what differs. Each trace is that
/// which `InProcessRun.trace` gives.
///
/// An agent must be a value all through: a copy of it may share nothing that changes. Of one that
/// is an object itself each run is whole; an object inside of a value is not seen from here.
///
/// States are few and small: at most eight are kept, none from late in a long run.
public struct InProcessRuns<Agent: InProcessAgent> {
    private struct Checkpoint {
        var run: InProcessRun
        var agent: Agent
    }

    /// Plans of more faults keep nothing: a state costs as much as a stretch of a run, and few would
    /// be resumed.
    private static var faultsMax: Int { 3 }
    /// No more states are kept than these; an agent that asks the same again and again would leave
    /// one each time.
    private static var checkpointsMax: Int { 8 }

    /// How many runs went on from a state that was kept.
    public private(set) var resumed = 0
    /// How many states are kept now.
    package var keptCount: Int { checkpoints.count }

    private let agent: Agent
    private let tape: Tape
    private let cache: DeliveryCache
    private let options: WorldOptions
    private var checkpoints: [Checkpoint] = []

    /// Creates runs; each begins with a copy of the agent.
    public init(
        of agent: Agent, tape: Tape, cache: DeliveryCache,
        options: WorldOptions = WorldOptions(clock: .virtual)
    ) {
        self.agent = agent
        self.tape = tape
        self.cache = cache
        self.options = options
    }

    /// The trace of one run.
    public mutating func trace(_ plan: Plan) -> Trace {
        guard !plan.faults.isEmpty, plan.faults.count <= Self.faultsMax,
            !(Agent.self is AnyObject.Type)
        else {
            return InProcessRun.trace(
                of: agent, tape: tape, plan: plan, cache: cache, options: options)
        }
        let agenda = PlanAgenda(plan, tape: tape)
        while let last = checkpoints.last, !last.run.isShared(with: plan, agenda) {
            checkpoints.removeLast()
        }
        guard let last = checkpoints.last else {
            return finish(
                InProcessRun(tape: tape, plan: plan, cache: cache, options: options), agent, plan,
                isResumed: false)
        }
        resumed += 1
        var run = last.run
        run.goOn(with: plan, agenda)
        return finish(run, last.agent, plan, isResumed: true)
    }

    private mutating func finish(
        _ given: InProcessRun, _ agent: Agent, _ plan: Plan, isResumed: Bool
    ) -> Trace {
        var run = given
        var agent = agent
        if !isResumed { run.begin(&agent) }
        var kept = checkpoints
        checkpoints = []
        let trace = run.finish(&agent, isResumed: isResumed) { run, agent in
            // Plans that follow each other differ in the last fault first: what they leave where this
            // one has no fault makes room.
            if kept.count == Self.checkpointsMax,
                let spare = kept.firstIndex(where: { !$0.run.mayBeDisturbed(by: plan) })
            {
                kept.remove(at: spare)
            }
            if kept.count < Self.checkpointsMax {
                kept.append(Checkpoint(run: run, agent: agent))
            }
        }
        checkpoints = kept
        return trace
    }
}
