package import Determinism
internal import Cassette
internal import CassetteStore
package import Faults
package import Judgement
package import Reports
package import Simulation

/// One run, as the command line asks for it.
package enum RunChoice: Sendable {
    /// No fault at all.
    case undisturbed
    /// The scenario of the configuration, expanded by a seed.
    case seed(Seed)
    /// An explicit plan.
    case plan(Plan)
}

/// A judged run with its report.
package struct SingleRun: Sendable {
    /// What reports need of it.
    package var summary: RunSummary
    /// The JSON report with the trace.
    package var report: JSONValue
    /// Where the second run differs; nil when it agrees or none was made.
    package var divergence: Divergence?
    /// The digest of the second run; nil when none was made.
    package var secondDigest: Digest?
}

/// Runs, one or many, in worker processes.
package enum Storms {
    /// Every n-th passing seed of a storm is run twice too.
    package static let sampleInterval: UInt64 = 16

    /// Makes one run; with `confirms` it is made twice and compared.
    package static func single(
        _ configuration: RunConfiguration, _ choice: RunChoice, confirms: Bool
    ) throws -> SingleRun {
        var job = Job(
            number: 0, seed: nil, confirmation: confirms ? .always : .never, wantsTrace: true)
        switch choice {
        case .undisturbed: break
        case .seed(let seed): job.seed = seed
        case .plan(let plan): job.plan = plan.json
        }
        let answers = try WorkerPool(configuration, count: 1).run([job])
        return try single(answers[0])
    }

    /// Runs a scenario under many seeds.
    ///
    /// The result does not depend on the number of workers. With a history, the failures that it
    /// has saved are replayed first, and what is found is added to it. The workers stay in `crew`.
    package static func storm(
        _ configuration: RunConfiguration, seeds: [Seed], workers: Int, tolerance: Tolerance,
        history: StormHistory? = nil, crew: StormCrew? = nil, progress: (Verdict) -> Void
    ) throws -> StormResult {
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        let name =
            try configuration.scenario.map { try ScenarioAccess.parse($0).name } ?? "undisturbed"
        let saved = history?.saved(configuration, cassette: reader.hash, scenario: name) ?? []
        let jobs =
            replays(saved, configuration)
            + seeds.enumerated().map { index, seed in
                Job(
                    number: saved.count + index, seed: seed,
                    confirmation: !configuration.confirmsFailures
                        ? .never
                        : seed.rawValue % sampleInterval == 1 ? .always : .failures)
            }
        let pool = try (crew ?? StormCrew()).pool(configuration, workers, for: jobs)
        let answers = try pool.run(jobs) { answer in
            if let summary = try? summary(answer), summary.seed != nil {
                progress(summary.verdict)
            }
        }
        let runs = try answers.dropFirst(saved.count).map(summary)
        let replayed = try replayed(saved, answers) { history?.leftOut($0, because: $1) }
        var storm = StormResult(
            cassette: reader.hash, scenario: name, runs: runs,
            nondeterministicSeeds: runs.filter { $0.verdict == .nondeterministic }
                .compactMap(\.seed),
            exitCode: ExitCodes.of(runs.map(\.verdict), tolerance: tolerance))
        storm.judges = configuration.judges?.hash
        storm.savedFailures = replayed.map(\.failure)
        storm.exitCode = SavedPlan.exitCode(
            storm.exitCode, replayed: storm.savedFailures, tolerance: tolerance)
        history?.keep(storm, saved: replayed.map(\.plan), configuration)
        return storm
    }

    /// What became of saved failures, by the first answers; `leaveOut` is given those that could
    /// not be run, and why.
    static func replayed(
        _ saved: [SavedPlan], _ answers: [JSONValue], leaveOut: (SavedPlan, String) -> Void
    ) throws -> [(plan: SavedPlan, failure: SavedFailure)] {
        try zip(saved, answers).compactMap { saved, answer in
            if let reason = answer[RunExecutor.refusal]?.stringValue {
                leaveOut(saved, reason)
                return nil
            }
            let failure = SavedFailure(
                signature: saved.signature, origin: saved.origin, run: try summary(answer))
            return (saved, failure)
        }
    }

    private static func replays(_ saved: [SavedPlan], _ configuration: RunConfiguration) -> [Job] {
        saved.enumerated().map { index, saved in
            Job(
                number: index, seed: nil, plan: saved.plan.json,
                confirmation: configuration.confirmsFailures ? .failures : .never,
                isSaved: true)
        }
    }

    private static func single(_ answer: JSONValue) throws -> SingleRun {
        guard let report = answer["report"] else {
            throw RunnerError(.internalError, "a worker gave no report")
        }
        return SingleRun(
            summary: try summary(answer), report: report,
            divergence: answer["divergence"].flatMap(Divergence.init(json:)),
            secondDigest: answer["second_digest"]?.stringValue.flatMap(Digest.init(hex:)))
    }

    static func summary(_ answer: JSONValue) throws -> RunSummary {
        guard let json = answer["summary"] else {
            throw RunnerError(.internalError, "a worker gave no summary")
        }
        return try RunSummary(json: json)
    }
}
