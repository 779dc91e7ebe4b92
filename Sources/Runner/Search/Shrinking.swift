internal import Cassette
internal import CassetteStore
internal import Determinism
package import Faults
package import Judgement
package import Search
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A failing plan with a real agent, made small and explained.
package struct ShrunkAgent {
    package var result: ShrinkResult
    package var explanation: Explanation?
    /// The plan that was given.
    package var given: Plan
    /// The worst grade of the runs.
    package var worstGrade: GradeLetter?
}

/// Shrinks and explains plans with a real agent, in worker processes.
package struct Shrinking {
    let configuration: RunConfiguration
    let workers: Int

    package init(_ configuration: RunConfiguration, workers: Int) {
        self.configuration = configuration
        self.workers = workers
    }

    /// The plan of a choice: a seed expands the scenario.
    package func plan(_ choice: RunChoice) throws -> Plan {
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        switch choice {
        case .plan(let plan):
            guard plan.cassette == reader.hash else {
                throw RunnerError.foreign(plan, reader.hash, configuration.cassette)
            }
            return plan
        case .undisturbed: return Plan(cassette: reader.hash)
        case .seed(let seed):
            guard configuration.mutation == nil else {
                throw RunnerError(
                    .usage, "a mutated prompt is part of a plan: give --plan from a report")
            }
            let scenario = try configuration.judgedScenario() ?? Scenario(name: "undisturbed")
            let tape = try Tape(reader, normalisers: scenario.normalisers)
            return try Expansion.expand(
                scenario, seed: seed, tape: tape, prompt: configuration.prompt
            ).plan
        }
    }

    /// Shrinks a plan, and explains the smallest one if asked to.
    package func shrink(
        _ plan: Plan, runsMax: Int, explains: Bool, progress: @escaping (ShrinkStep) -> Void
    ) throws -> ShrunkAgent {
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        let tape = try Tape(reader, normalisers: plan.normalisers)
        let runner = try AgentRunner(configuration, workers: workers)
        var shrinker = Shrinker(
            plan, runner: runner, tape: tape, options: ShrinkOptions(runsMax: runsMax),
            progress: progress)
        let result = try shrinker.shrink()
        var explanation: Explanation?
        if explains, result.outcome == .shrunk {
            explanation = try explain(
                result.plan, history: result.closed, signature: result.signature, tape, runner,
                runsMax)
        }
        return ShrunkAgent(
            result: result, explanation: explanation, given: plan, worstGrade: runner.worstGrade)
    }

    private func explain(
        _ plan: Plan, history: Plan, signature: FailureSignature?, _ tape: Tape,
        _ runner: AgentRunner, _ runsMax: Int
    ) throws -> Explanation {
        var explainer = Explainer(
            plan, history: history, runner: runner, signature: signature, tape: tape,
            options: ExplainOptions(runsMax: runsMax))
        return try explainer.explain()
    }

    /// Writes a cassette that holds only what the plan's run came to, and gives the plan for it;
    /// nil, and no cassette, when the agent does not fail the same way with it.
    package func cutCassette(
        _ result: ShrinkResult, to path: String
    ) throws -> (plan: Plan, kept: Int, of: Int)? {
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        let tape = try Tape(reader, normalisers: result.plan.normalisers)
        let kept = CassetteCut.closed(Set(result.usedOrdinals), tape)
        let hash = try CassetteCut.write(reader, keeping: kept, to: path)
        var plan = result.plan
        plan.cassette = hash
        var smaller = configuration
        smaller.cassette = path
        let seen = try AgentRunner(smaller, workers: 1).run([plan])
        guard seen.first?.signature == result.signature else {
            unlink(path)
            return nil
        }
        return (plan, kept.count, tape.entries.count)
    }
}

/// A cassette with some of the interactions of another.
enum CassetteCut {
    /// With an interaction its earlier takes are kept, so that anchors still hold.
    static func closed(_ ordinals: Set<Int>, _ tape: Tape) -> [Int] {
        var last: [String: Int] = [:]
        for row in tape.entries where ordinals.contains(row.ordinal) {
            last[row.fingerprint.hex] = max(last[row.fingerprint.hex] ?? 0, row.take)
        }
        return tape.entries.filter { $0.take <= last[$0.fingerprint.hex] ?? 0 }.map(\.ordinal)
    }

    /// Interactions keep their instants and get new numbers.
    static func write(
        _ reader: CassetteReader, keeping ordinals: [Int], to path: String
    ) throws -> Digest {
        let writer = try CassetteWriter.create(path, manifest: reader.manifest)
        for (index, ordinal) in ordinals.enumerated() {
            var interaction = try reader.interaction(ordinal)
            interaction.ordinal = index + 1
            try writer.put(interaction)
        }
        return try writer.pack()
    }
}
