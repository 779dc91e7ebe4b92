internal import Cassette
internal import CassetteStore
package import Determinism
internal import Faults
package import Judgement
internal import Reports
internal import Scenarios
package import Search

/// What an exploration with a real agent is asked for.
package struct ExplorationRequest {
    package var configuration: RunConfiguration
    package var options: ExplorationOptions
    package var space: FaultSpace.Options
    package var workers: Int
    /// The folder of journals; nil to keep none.
    package var journals: String?
    /// Whether what an earlier search left is thrown away.
    package var restarts = false
    /// After how many seconds of real time it stops; nil for no limit.
    package var secondsMax: Int64?
    /// The files that are written when it is done: they are no part of the agent.
    package var outputs: [String] = []
    /// The version that writes journals.
    package var tool: String
    /// What storms remember: its failures come first, and new ones are added; nil for nothing.
    package var history: StormHistory?
    /// Whether saved failures come first; not where the result shall be the same everywhere.
    package var replaysSaved = true

    package init(
        _ configuration: RunConfiguration, options: ExplorationOptions, workers: Int,
        space: FaultSpace.Options = FaultSpace.Options(), journals: String?, tool: String
    ) {
        self.configuration = configuration
        self.options = options
        self.workers = workers
        self.space = space
        self.journals = journals
        self.tool = tool
    }
}

/// What an exploration with a real agent found, and what it rests on.
package struct ExploredAgent {
    package var certificate: Certificate
    /// How many runs were made now.
    package var runs: Int
    /// How many were known from a search that was cut off.
    package var remembered: Int
    /// What became of each rule in all runs, those that were known among them.
    package var cells: [Cell]
    /// What was seen, when nothing is left to be run.
    private let spent: SearchJournal?

    init(_ certificate: Certificate, _ runner: AgentRunner, spent: SearchJournal?) {
        self.certificate = certificate
        runs = runner.runs
        remembered = runner.remembered
        cells = runner.tally?.cells ?? []
        self.spent = spent
    }

    /// Throws away the journal of a search that is complete; to be called when what it found is in
    /// its place, so that nothing is lost where that cannot be written.
    ///
    /// The next search begins anew: the agent may read what no digest covers.
    package func forgetJournal() { spent?.remove() }
}

/// Explorations with a real agent, in worker processes.
package enum Explorations {
    /// Explores; `say` is given lines of talk.
    package static func explore(
        _ request: ExplorationRequest, say: @escaping (String) -> Void,
        progress: @escaping (ExplorationProgress) -> Void
    ) throws -> ExploredAgent {
        let configuration = request.configuration
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        let (scenario, space) = try Explorations.space(request, reader)
        let agent = AgentIdentity(configuration, besides: request.outputs)
        let journal = try Explorations.journal(
            request, identity(request, agent, reader.hash), say)
        let runner = try AgentRunner(
            configuration, workers: request.workers, journal: journal,
            confirms: configuration.confirmsFailures, tallies: true, say: say)
        let end = request.secondsMax.map { System.monotonicNanoseconds + $0 * 1_000_000_000 }
        let saved =
            request.replaysSaved
            ? request.history?.saved(
                configuration, cassette: reader.hash, scenario: scenario.name) ?? [] : []
        let replayed = try runner.replay(saved) { request.history?.leftOut($0, because: $1) }
        var options = request.options
        options.saved = replayed.map(\.plan.plan)
        if replayed.isEmpty { options.phases.remove(.saved) }
        var explorer = Explorer(
            space, runner: runner, options: options,
            isSpent: { end.map { System.monotonicNanoseconds >= $0 } ?? false },
            progress: progress)
        let exploration: Exploration
        do {
            exploration = try explorer.explore()
        } catch let error as ExplorationError {
            throw RunnerError(.usage, error.message)
        }
        if exploration.rows.first(where: { $0.phase == .calm })?.failure != nil {
            say("warning: the agent fails without any fault: mend that first")
        }
        try keep(exploration, replayed, request, runner, cassette: reader.hash, scenario: scenario)
        var subject = CertificateIdentity(
            cassette: reader.hash, agent: agent.digest, agentDescription: agent.description,
            scenario: scenario, space: request.space, options: options)
        subject.judges = configuration.judges?.hash
        return ExploredAgent(
            Certificate(exploration, identity: subject), runner,
            spent: exploration.wasCutOff ? nil : journal)
    }

    private static func space(
        _ request: ExplorationRequest, _ reader: CassetteReader
    ) throws -> (Scenario, FaultSpace) {
        guard let scenario = try request.configuration.judgedScenario(), !scenario.faults.isEmpty
        else {
            throw RunnerError(
                .usage,
                "an exploration needs faults: give --scenario FILE, or --kinds with identifiers "
                    + "that `stormtape faults` lists")
        }
        let tape = try Tape(reader, normalisers: scenario.normalisers)
        let space = try FaultSpace(
            scenario, tape: tape, options: request.space,
            // A mutation is drawn once.
            prompt: try request.configuration.givenPrompt(
                inPlaceOf: reader.manifest.prompt, seed: request.space.seed))
        return (scenario, space)
    }

    /// Opens the journal; nil where none can be kept, and the search goes on without it.
    private static func journal(
        _ request: ExplorationRequest, _ identity: JSONValue, _ say: (String) -> Void
    ) throws -> SearchJournal? {
        guard let folder = request.journals else { return nil }
        do {
            let journal = try SearchJournal(
                folder: folder, identity: identity, restart: request.restarts)
            if journal.found > 0 {
                say(
                    "resuming: \(journal.found) runs are known from a search that was cut off "
                        + "(\(journal.path)); --restart begins anew")
            }
            return journal
        } catch {
            guard error.code == .cannotStart else { throw error }
            say("warning: \(error); if the search is cut off, it begins anew")
            return nil
        }
    }

    /// The first failure of each kind that was found is run once more for its summary.
    private static func keep(
        _ exploration: Exploration, _ replayed: [(plan: SavedPlan, failure: SavedFailure)],
        _ request: ExplorationRequest, _ runner: AgentRunner, cassette: Digest,
        scenario: Scenario
    ) throws {
        guard let history = request.history else { return }
        let found = exploration.failures.filter { $0.phase != .saved }.map(\.plan)
        let runs = try runner.summaries(found)
        guard !replayed.isEmpty || !runs.isEmpty else { return }
        // Under a name of its own: the trend of a scenario is that of its seeds.
        var storm = StormResult(
            cassette: cassette, scenario: "\(scenario.name), explored",
            runs: runs, exitCode: ExitCodes.of(exploration.verdicts))
        storm.savedFailures = replayed.map(\.failure)
        history.keep(storm, saved: replayed.map(\.plan), request.configuration)
    }

    /// Runs a sample of a certificate again, and gives what differs.
    package static func verify(
        _ certificate: Certificate, _ configuration: RunConfiguration, workers: Int, sample: Int,
        seed: Seed
    ) throws -> (runs: Int, differences: [CertificateDifference]) {
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        guard certificate.identity.cassette == reader.hash else {
            throw RunnerError(
                .usage,
                "the certificate is about the cassette "
                    + "\(certificate.identity.cassette.hex.prefix(16)), and "
                    + "\(configuration.cassette) is \(reader.hash.hex.prefix(16))")
        }
        guard certificate.identity.judges == configuration.judges?.hash else {
            throw RunnerError(.usage, foreignJudges(certificate, configuration))
        }
        let rows = certificate.sample(sample, seed: seed)
        let runner = try AgentRunner(configuration, workers: workers)
        let seen = try runner.run(rows.map { certificate.plan(of: $0) })
        return (rows.count, certificate.verification(rows, seen))
    }

    private static func foreignJudges(
        _ certificate: Certificate, _ configuration: RunConfiguration
    ) -> String {
        func text(_ hash: Digest?) -> String { hash.map { "\($0.hex.prefix(16))" } ?? "none" }
        let given = configuration.judges.map { "\($0.path) is" } ?? "the given one is"
        return "the certificate rests on the cassette of judges "
            + "\(text(certificate.identity.judges)), and \(given) "
            + "\(text(configuration.judges?.hash)); give that one with --judges"
    }

    /// All that decides what is seen; and the shard, so that those of one folder can run at once.
    static func identity(
        _ request: ExplorationRequest, _ agent: AgentIdentity, _ cassette: Digest
    ) -> JSONValue {
        // What is shown, and how a line that does a run again is written, decide nothing.
        var configuration = request.configuration
        configuration.showsOutput = false
        configuration.spelled = []
        configuration.file = []
        let shard = request.options.shard.map { "\($0.index)/\($0.count)" } ?? "1/1"
        return [
            "journal": .int(4), "shard": .string(shard), "draws": .int(Int64(drawSchemaVersion)),
            "tool": .string(request.tool), "cassette": .string(cassette.hex),
            "agent": .string(agent.digest.hex), "configuration": configuration.json,
        ]
    }
}
