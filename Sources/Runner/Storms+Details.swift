internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Faults
package import Reports
internal import Scenarios

extension Storms {
    /// Looks closer at the runs that a report shows in full, and at the run without a fault.
    ///
    /// Runs repeat, so that their closed plans are run again, and nothing of this depends on the
    /// number of workers. A run that does not repeat is marked as such by its digest.
    package static func details(
        _ configuration: RunConfiguration, of runs: [RunSummary], workers: Int,
        crew: StormCrew? = nil
    ) throws -> RunDetails {
        let chosen = RunDetails.choice(runs)
        guard let first = runs.first else { return RunDetails() }
        var undisturbed = try plan(of: first)
        undisturbed.faults = []
        undisturbed.prompt = nil
        let plans = try [undisturbed] + chosen.map { try plan(of: runs[$0]) }
        let jobs = plans.enumerated().map { index, plan in
            Job(number: index, seed: nil, plan: plan.json, wantsDetail: true)
        }
        let answers = try (crew ?? StormCrew()).pool(configuration, workers, for: jobs).run(jobs)
        var details = RunDetails()
        for (index, answer) in answers.enumerated() {
            guard let json = answer["detail"], let summary = answer["summary"] else {
                throw RunnerError(.internalError, "a worker gave no detail")
            }
            let detail = try RunDetail(json: json)
            let again = try RunSummary(json: summary)
            if index == 0 {
                details.undisturbed = DetailedRun(summary: again, detail: detail)
            } else {
                let place = chosen[index - 1]
                details.runs[place] = DetailedRun(of: runs[place], again: again, detail: detail)
            }
        }
        return details
    }

    private static func plan(of run: RunSummary) throws -> Plan {
        do {
            return try PlanBlob.decode(run.plan)
        } catch {
            throw RunnerError(.internalError, "a worker gave no plan: \(error.message)")
        }
    }
}
