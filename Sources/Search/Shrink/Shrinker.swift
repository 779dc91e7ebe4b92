public import Cassette
internal import Determinism
public import Faults
public import Judgement

/// Makes a failing plan as small and as simple as it can be, without taking one bug for another.
///
/// A plan counts only when it fails with the same signature. The result depends on the plan, the
/// options and what is seen, never on how many workers there are.
public struct Shrinker<Runner: PlanRunner> {
    var oracle: PlanOracle<Runner>
    let options: ShrinkOptions
    let tape: Tape?
    /// The smallest plan so far.
    var current: Plan
    private let given: Plan
    private let wanted: FailureSignature?
    private let progress: (ShrinkStep) -> Void
    private var steps: [ShrinkStep] = []

    /// Creates a shrinker.
    ///
    /// With no `signature`, that of the plan's own run is kept. With a `tape`, faults are also
    /// tried at earlier calls. `isSpent` is asked before each run whether to stop.
    public init(
        _ plan: Plan, runner: Runner, signature: FailureSignature? = nil, tape: Tape? = nil,
        options: ShrinkOptions = ShrinkOptions(), isSpent: @escaping () -> Bool = { false },
        progress: @escaping (ShrinkStep) -> Void = { _ in }
    ) {
        oracle = PlanOracle(
            runner, signature: signature, runsMax: options.runsMax, isSpent: isSpent)
        self.options = options
        self.tape = tape
        self.progress = progress
        current = plan
        given = plan
        wanted = signature
    }

    /// The runner, with what it remembers.
    public var runner: Runner { oracle.runner }

    /// Shrinks until nothing is simpler or the budget is used up; throws what the runner throws.
    public mutating func shrink() throws -> ShrinkResult {
        let (first, second) = try oracle.confirm(given)
        let outcome = outcome(first, second)
        var result = ShrinkResult(
            outcome: outcome, plan: given, observation: first, signature: first.signature)
        guard outcome == .shrunk, let signature = first.signature else {
            note(.confirm, ShrinkWords.text(outcome))
            return finished(result)
        }
        oracle.signature = signature
        note(.confirm, "it fails twice, and the same way: \(signature.text)")
        do {
            try close()
            result.closed = current
            result.isMinimal = try reduce()
        } catch is SearchSpent {
            // What was reached by then stands.
        }
        result.plan = current
        result.observation = oracle.known(current) ?? first
        result.usedOrdinals = usedOrdinals(result.observation)
        return finished(result)
    }

    private func outcome(_ first: Observation, _ second: Observation) -> ShrinkOutcome {
        guard first.digest == second.digest, first.signature == second.signature,
            first.verdict == second.verdict, first.verdict != .nondeterministic
        else { return .nondeterministic }
        guard let signature = first.signature else { return .passes(first.verdict) }
        if let wanted, wanted != signature { return .differs(signature) }
        return .shrunk
    }

    private func finished(_ result: ShrinkResult) -> ShrinkResult {
        var result = result
        result.steps = steps
        result.others = oracle.others
        result.runs = oracle.runs
        result.runsMade = oracle.runsMade
        return result
    }

    private func usedOrdinals(_ seen: Observation) -> [Int] {
        var used = Set(seen.anchors.map(\.ordinal))
        for fault in current.faults {
            if let ordinal = tape?.ordinal(of: fault.anchor) { used.insert(ordinal) }
        }
        return used.sorted()
    }

    // MARK: Stages

    /// Leaves out what did not fire, if it fails all the same.
    private mutating func close() throws {
        guard options.stages.contains(.close), let seen = oracle.known(current) else { return }
        let closed = seen.closed(current)
        guard closed != current, try oracle.fails(closed) else { return }
        let before = current.faults.count
        current = closed
        note(.close, "of \(before) faults \(closed.faults.count) fired")
    }

    /// Whether it came to where no stage finds anything simpler.
    private mutating func reduce() throws -> Bool {
        try reduceFaults()
        // What one stage made simpler can open the way for another. Strange failures could go
        // round in a circle, so there is an end to it.
        for _ in 0..<8 {
            let before = current
            try sweep()
            try restoreOrder()
            try moveEarlier()
            try simplifyKinds()
            try simplifyParameters()
            if current == before { return true }
        }
        try sweep()
        return false
    }

    /// Takes a plan that was seen to fail.
    mutating func accept(_ plan: Plan, _ stage: ShrinkStage, _ description: String) {
        current = plan
        note(stage, description)
    }

    private mutating func note(_ stage: ShrinkStage, _ description: String) {
        let step = ShrinkStep(
            stage: stage, description: description, runs: oracle.runs,
            faults: current.faults.count)
        steps.append(step)
        progress(step)
    }

    /// The plan without orders of its own, else with as few changes within the run as can be.
    private mutating func restoreOrder() throws {
        guard options.stages.contains(.order),
            current.order.rawValue != 0 || !current.orderChanges.isEmpty
        else { return }
        var plan = current
        plan.order.rawValue = 0
        plan.orderChanges = []
        if try oracle.fails(plan) {
            accept(plan, .order, "the order of requests that wait together does not matter")
            return
        }
        for place in current.orderChanges.indices.reversed() {
            var plan = current
            plan.orderChanges.remove(at: place)
            if try oracle.fails(plan) {
                accept(plan, .order, "one change of that order fewer")
            }
        }
    }
}

extension Tape {
    /// The interaction that an anchor names, as the simulation resolves it: by fingerprint and take,
    /// else by the call of the upstream.
    func ordinal(of anchor: Anchor) -> Int? {
        ordinal(of: anchor.fingerprint, take: anchor.take)
            ?? entries.first {
                $0.upstream == anchor.upstream && $0.call == anchor.call
            }?.ordinal
    }
}
