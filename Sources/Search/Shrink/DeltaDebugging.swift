public import Faults
public import Judgement

/// Delta debugging as published by Zeller and Hildebrandt (2002): the yardstick for `Shrinker`.
///
/// It is here for benchmarks and tests, counts runs the same way, and remembers what it ran.
public enum DeltaDebugging {
    /// Finds a plan of which no fault can be left out; throws what the runner throws.
    ///
    /// The given plan must fail with the signature, and the one without faults pass, as the
    /// algorithm demands. `runs` is how many plans were run.
    public static func ddmin(
        _ plan: Plan, runner: some PlanRunner, signature: FailureSignature, runsMax: Int = 100_000
    ) throws -> (plan: Plan, runs: Int, isMinimal: Bool) {
        var oracle = PlanOracle(runner, signature: signature, runsMax: runsMax)
        var kept = Array(plan.faults.indices)
        do {
            var parts = 2
            while kept.count >= 2 {
                let chunks = split(kept, into: parts)
                if let chunk = try chunks.first(where: { try oracle.fails(plan.keeping($0)) }) {
                    kept = chunk
                    parts = 2
                    continue
                }
                let complements = chunks.map { chunk in kept.filter { !chunk.contains($0) } }
                let rest = try complements.first { try oracle.fails(plan.keeping($0)) }
                if let rest {
                    kept = rest
                    parts = max(parts - 1, 2)
                } else if parts < kept.count {
                    parts = min(kept.count, parts * 2)
                } else {
                    break
                }
            }
        } catch is SearchSpent {
            return (plan.keeping(kept), oracle.runs, false)
        }
        return (plan.keeping(kept), oracle.runs, true)
    }

    private static func split(_ places: [Int], into parts: Int) -> [[Int]] {
        (0..<parts).map { part in
            Array(places[places.count * part / parts..<places.count * (part + 1) / parts])
        }.filter { !$0.isEmpty }
    }
}
