public import Cassette
internal import Determinism
public import Faults
public import Judgement

/// Finds out what of a failing plan matters, by changing one thing at a time.
public struct Explainer<Runner: PlanRunner> {
    var oracle: PlanOracle<Runner>
    let plan: Plan
    let history: Plan
    let tape: Tape?
    let options: ExplainOptions
    var explanation: Explanation?
    /// The deadlines that were seen in undisturbed exchanges, each once.
    var deadlines: [ObservedDeadline] = []

    /// Creates an explainer of a plan, a minimal one as a rule.
    ///
    /// `history` is the closed plan by which the failure was found; when it became inevitable is
    /// asked of that. With no `signature`, that of the plan's own run is explained. A `tape` tells
    /// which deadline belongs to which call. `isSpent` is asked before each run whether to stop.
    public init(
        _ plan: Plan, history: Plan? = nil, runner: Runner, signature: FailureSignature? = nil,
        tape: Tape? = nil, options: ExplainOptions = ExplainOptions(),
        isSpent: @escaping () -> Bool = { false }
    ) {
        oracle = PlanOracle(
            runner, signature: signature, runsMax: options.runsMax, isSpent: isSpent)
        self.plan = plan
        self.history = history ?? plan
        self.tape = tape
        self.options = options
    }

    /// The runner, with what it remembers.
    public var runner: Runner { oracle.runner }

    /// Explains as much as the budget allows; throws what the runner throws.
    public mutating func explain() throws -> Explanation {
        var (seen, again) = try oracle.confirm(plan)
        // Of what differs from run to run nothing can be said.
        if seen.digest != again.digest {
            (seen.verdict, seen.signature) = (.nondeterministic, nil)
        }
        if oracle.signature == nil { oracle.signature = seen.signature }
        guard oracle.isFailure(seen) else {
            var refusal = Explanation(plan: plan, observation: seen, signature: nil)
            refusal.runs = oracle.runs
            return refusal
        }
        explanation = Explanation(plan: plan, observation: seen, signature: seen.signature)
        do {
            try explainFaults(seen)
            for place in plan.faults.indices { try explainParameters(place) }
            for place in plan.faults.indices { try explainAttempt(place) }
            findNearest(seen)
            try explainHistory()
            explanation?.isComplete = true
        } catch is SearchSpent {
            findNearest(seen)
        }
        guard var result = explanation else {
            preconditionFailure("the explanation was begun above")
        }
        result.others = oracle.others
        result.runs = oracle.runs
        return result
    }

    /// Which faults are needed, and which deadlines the agent has where nothing disturbs it.
    private mutating func explainFaults(_ seen: Observation) throws {
        note(seen)
        let smaller = plan.faults.indices.map { plan.without($0) }
        let calm = plan.keeping([])
        note(try oracle.ask(calm, beside: { smaller }))
        for (place, other) in smaller.enumerated() {
            let observation = try oracle.ask(other) { Array(smaller[(place + 1)...]) }
            note(observation)
            if oracle.isFailure(observation) { explanation?.needless.append(place) }
        }
    }

    private mutating func note(_ seen: Observation) {
        for deadline in seen.deadlines where !deadlines.contains(deadline) {
            deadlines.append(deadline)
        }
    }

    /// More attempts than this are not tried, whatever number a plan names.
    private static var attemptsMax: Int { 1_000 }

    /// At which other attempts each fault works.
    private mutating func explainAttempt(_ place: Int) throws {
        let plan = plan
        guard let own = plan.faults[place].anchor.attempt else { return }
        var meaning = AttemptMeaning(fault: place, failing: [own], passing: [])
        let attempts = (1...max(3, min(own, Self.attemptsMax) + 1)).filter { $0 != own }
        let plans = attempts.map {
            plan.replacing(place, by: plan.faults[place].at(attempt: $0))
        }
        for (index, attempt) in attempts.enumerated() {
            let seen = try oracle.ask(plans[index]) { Array(plans[(index + 1)...]) }
            if oracle.isFailure(seen) {
                meaning.failing.append(attempt)
            } else if seen.fired.contains(place) {
                meaning.passing.append(attempt)
            }
        }
        meaning.failing.sort()
        explanation?.attempts.append(meaning)
    }

    /// Best one unit across a threshold, else another value, else one fault less.
    private mutating func findNearest(_ seen: Observation) {
        // The last fault to strike leaves most of the run as it was.
        let order = Array(seen.faultOrder(of: plan).reversed())
        let parameters = order.flatMap { place in
            (explanation?.parameters ?? []).filter { $0.fault == place }
        }
        for isAtDeadline in [true, false] {
            for meaning in parameters where (meaning.deadline != nil) == isAtDeadline {
                guard let value = meaning.valueAcross,
                    let found = neighbour(meaning, .int(value))
                else { continue }
                explanation?.nearest = found
                return
            }
        }
        for meaning in parameters {
            for value in words(of: meaning) {
                guard let found = neighbour(meaning, value) else { continue }
                explanation?.nearest = found
                return
            }
        }
        for place in order {
            let smaller = plan.without(place)
            guard let observation = oracle.known(smaller), observation.isPass else { continue }
            let name = plan.faults[place].placeText
            let found = NearestPassing(
                plan: smaller, observation: observation,
                change: "without fault \(place + 1), \(name)")
            explanation?.nearest = found
            return
        }
    }

    private func words(of meaning: ParameterMeaning) -> [JSONValue] {
        guard
            case .choice(let words)? = plan.spec(meaning.fault, meaning.name)?.domain
        else { return [] }
        return words.map { .string($0) }
    }

    private func neighbour(_ meaning: ParameterMeaning, _ value: JSONValue) -> NearestPassing? {
        guard let spec = plan.spec(meaning.fault, meaning.name) else { return nil }
        let other = plan.setting(spec, of: meaning.fault, to: value)
        guard let observation = oracle.known(other), observation.isPass else { return nil }
        let text = ShrinkWords.value(value, spec)
        return NearestPassing(
            plan: other, observation: observation,
            change: "with \(spec.name) of fault \(meaning.fault + 1) at \(text)")
    }
}

extension ParameterMeaning {
    /// The value one unit across the threshold.
    var valueAcross: Int64? {
        switch effect {
        case .atLeast(let low, _): low - 1
        case .atMost(let high): high + 1
        case .within(let range): range.lowerBound - 1
        case .only: value.intValue.map { $0 - 1 }
        case .any, .oneOf: nil
        }
    }
}

extension Plan {
    /// What is known of a parameter of the fault at a place.
    func spec(_ place: Int, _ name: String) -> ParameterSpec? {
        FaultCatalogue.named(faults[place].fault)?.parameter(name)
    }

    /// The plan with another value of a parameter of the fault at a place.
    func setting(_ spec: ParameterSpec, of place: Int, to value: JSONValue) -> Plan {
        var plan = self
        plan.faults[place].parameters.members = faults[place].parameters.members.map { member in
            member.key == spec.name ? JSONMember(spec.name, value) : member
        }
        return plan
    }
}

extension Observation {
    fileprivate var isPass: Bool { verdict == .passed || verdict == .passedAssumed }

    /// The places of the faults that struck, in the order in which they first did.
    func faultOrder(of plan: Plan) -> [Int] {
        var order: [Int] = []
        for met in faults where met.fate == .fired && plan.faults.indices.contains(met.index) {
            if !order.contains(met.index) { order.append(met.index) }
        }
        return order
    }
}
