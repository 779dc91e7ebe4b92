internal import Determinism
package import Faults
package import Search

/// Runs plans of a search with the real agent, in worker processes.
///
/// What was seen before a search was cut off comes from its journal.
package final class AgentRunner: PlanRunner {
    /// How many workers there are.
    package let width: Int
    /// How many plans were really run.
    package private(set) var runs = 0
    /// How many plans were known from the journal.
    package private(set) var remembered = 0
    /// The worst grade of the runs; nil when there was none.
    package private(set) var worstGrade: String?

    private let pool: WorkerPool
    private let journal: SearchJournal?
    private let confirms: Bool

    /// Starts workers; with `confirms`, failures and a sample of the other runs are made twice and
    /// compared.
    package init(
        _ configuration: RunConfiguration, workers: Int, journal: SearchJournal? = nil,
        confirms: Bool = false
    ) throws {
        width = max(1, workers)
        self.journal = journal
        self.confirms = confirms
        pool = try WorkerPool(configuration, count: width)
    }

    /// Runs what the journal does not know.
    package func run(_ plans: [Plan]) throws -> [Observation] {
        let keys = plans.map { Digest(hashing: $0.json.canonical()) }
        var seen: [Digest: Observation] = [:]
        var jobs: [Job] = []
        var asked: [Digest] = []
        for (plan, key) in zip(plans, keys) where seen[key] == nil && !asked.contains(key) {
            if let known = journal?.observation(of: key) {
                seen[key] = known
                remembered += 1
                continue
            }
            asked.append(key)
            jobs.append(
                Job(
                    number: jobs.count, seed: nil, plan: plan.json,
                    confirmation: confirmation(key), observes: true))
        }
        let answers = try pool.run(jobs)
        for (key, answer) in zip(asked, answers) {
            let observation = try note(answer)
            try journal?.add(observation, of: key)
            seen[key] = observation
        }
        return try keys.map { key in
            guard let observation = seen[key] else {
                throw RunnerError(.internalError, "a plan was not run")
            }
            return observation
        }
    }

    /// Which runs are confirmed depends on the plan alone, not on when it is run.
    private func confirmation(_ key: Digest) -> Job.Confirmation {
        guard confirms else { return .never }
        return key.prefix64 % Storms.sampleInterval == 1 ? .always : .failures
    }

    private func note(_ answer: JSONValue) throws -> Observation {
        guard let json = answer[RunExecutor.observation],
            let observation = Observation(json: json)
        else { throw RunnerError(.internalError, "a worker gave no observation") }
        runs += 1
        if let grade = answer["grade"]?.stringValue { worstGrade = max(worstGrade ?? grade, grade) }
        return observation
    }
}
