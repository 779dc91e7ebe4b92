internal import Determinism
package import Faults
package import Judgement
internal import Reports
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
    package private(set) var worstGrade: GradeLetter?
    /// What became of each rule in the runs, as scores and gates ask for it; nil where nobody does.
    package private(set) var tally: CellTally?

    private let pool: WorkerPool
    private let journal: SearchJournal?
    private let confirms: Bool
    private let say: (String) -> Void
    private var rules = RuleReader()

    /// Starts workers; with `confirms`, failures and a sample of the other runs are made twice and
    /// compared; with `tallies`, what became of each rule is kept.
    ///
    /// `say` is given what goes wrong without ending the search.
    package init(
        _ configuration: RunConfiguration, workers: Int, journal: SearchJournal? = nil,
        confirms: Bool = false, tallies: Bool = false, say: @escaping (String) -> Void = { _ in }
    ) throws {
        width = max(1, workers)
        self.journal = journal
        self.confirms = confirms
        self.say = say
        tally = tallies ? CellTally() : nil
        pool = try WorkerPool(configuration, count: width)
    }

    /// Runs what the journal does not know; a plan that stands there twice is run twice.
    package func run(_ plans: [Plan]) throws -> [Observation] {
        let keys = plans.map { Digest(hashing: $0.json.canonical()) }
        var seen = keys.map { journal?.observation(of: $0) }
        let unknown = seen.indices.filter { seen[$0] == nil }
        remembered += plans.count - unknown.count
        let answers = try pool.run(
            unknown.enumerated().map { number, place in
                Job(
                    number: number, seed: nil, plan: plans[place].json,
                    confirmation: confirmation(keys[place]), observes: true)
            })
        for (place, answer) in zip(unknown, answers) {
            let observation = try read(answer)
            keep(observation, of: keys[place])
            seen[place] = observation
        }
        runs += unknown.count
        return try zip(plans, seen).map { plan, seen in
            guard let seen else { throw RunnerError(.internalError, "a plan was not run") }
            worstGrade = max(worstGrade ?? seen.grade, seen.grade)
            if tally != nil { tally?.add(try rules.cells(of: seen, plan)) }
            return seen
        }
    }

    /// A journal that is full ends no search: it only cannot go on later from here.
    private func keep(_ observation: Observation, of plan: Digest) {
        do {
            try journal?.add(observation, of: plan)
        } catch {
            say("warning: \(error); what is seen from here on is lost if the search is cut off")
        }
    }

    /// Runs plans for what reports need of them.
    func summaries(_ plans: [Plan]) throws -> [RunSummary] {
        try pool.run(
            plans.enumerated().map { number, plan in
                Job(number: number, seed: nil, plan: plan.json)
            }
        ).map(Storms.summary)
    }

    /// Runs saved failures for what reports need of them; `leaveOut` is given those that cannot be
    /// run, which ends no search, and why.
    func replay(
        _ saved: [SavedPlan], leaveOut: (SavedPlan, String) -> Void
    ) throws -> [(plan: SavedPlan, failure: SavedFailure)] {
        let jobs = saved.enumerated().map { number, saved in
            Job(number: number, seed: nil, plan: saved.plan.json, isSaved: true)
        }
        return try Storms.replayed(saved, try pool.run(jobs), leaveOut: leaveOut)
    }

    /// Which runs are confirmed depends on the plan alone, not on when it is run.
    private func confirmation(_ key: Digest) -> Job.Confirmation {
        guard confirms else { return .never }
        return key.prefix64 % Storms.sampleInterval == 1 ? .always : .failures
    }

    private func read(_ answer: JSONValue) throws -> Observation {
        guard let observation = answer[RunExecutor.observation].flatMap(Observation.init(json:))
        else { throw RunnerError(.internalError, "a worker gave no observation") }
        return observation
    }
}
