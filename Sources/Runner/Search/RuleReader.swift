internal import Determinism
internal import Faults
internal import Judgement
internal import Search

/// Makes of what search saw of a run the cells that scores and gates are made of.
struct RuleReader {
    private var known: (texts: [JSONValue], invariants: [Invariant])?

    /// One cell for each rule of the plan, and one for the end of the agent.
    ///
    /// Nothing in them tells the run from others: who keeps them names it. The scenario is that of
    /// the command.
    mutating func cells(
        of seen: Observation, _ plan: Plan
    ) throws(InvariantError) -> [Cell] {
        let invariants = try invariants(plan)
        let results = zip(invariants, seen.rules).map { invariant, outcome in
            (
                result: InvariantResult(
                    id: invariant.id, invariant: invariant.source, passed: outcome != .broken,
                    message: "", isJudged: outcome == .held || outcome == .broken),
                severity: invariant.severity
            )
        }
        return Cell.cells(
            of: RunKey(scenario: ""),
            strain: Strain(fired: seen.firedFaults(of: plan).map(\.fault)),
            verdict: seen.verdict, results: results)
    }

    /// All plans of a search have the same rules, as a rule.
    private mutating func invariants(_ plan: Plan) throws(InvariantError) -> [Invariant] {
        if let known, known.texts == plan.invariants { return known.invariants }
        let parsed = try Invariant.parse(all: plan.invariants)
        known = (plan.invariants, parsed)
        return parsed
    }
}
