internal import Cassette
internal import CassetteStore
package import Determinism
package import Faults
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
    /// The version that writes journals.
    package var tool: String

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
    package var exploration: Exploration
    package var scenario: Scenario
    package var cassette: Digest
    package var agent: AgentIdentity
    /// How many runs were made now.
    package var runs: Int
    /// How many were known from a search that was cut off.
    package var remembered: Int
    /// The worst grade of the runs that were made now.
    package var worstGrade: String?
}

/// Explorations with a real agent, in worker processes.
package enum Explorations {
    /// Explores; `say` is given lines of talk.
    package static func explore(
        _ request: ExplorationRequest, say: (String) -> Void,
        progress: @escaping (ExplorationProgress) -> Void
    ) throws -> ExploredAgent {
        let configuration = request.configuration
        let reader = try CassetteAccess.openToRun(configuration.cassette)
        guard let scenario = try configuration.judgedScenario(), !scenario.faults.isEmpty else {
            throw RunnerError(
                .usage,
                "an exploration needs faults: give --scenario FILE, or --kinds with identifiers "
                    + "that `stormtape faults` lists")
        }
        let tape = try Tape(reader, normalisers: scenario.normalisers)
        let space = try FaultSpace(
            scenario, tape: tape, options: request.space, prompt: configuration.prompt)
        let agent = AgentIdentity(configuration)
        let journal = try request.journals.map { folder in
            try SearchJournal(
                folder: folder, identity: identity(request, agent, reader.hash),
                restart: request.restarts)
        }
        if let journal, journal.found > 0 {
            say(
                "resuming: \(journal.found) runs are known from a search that was cut off "
                    + "(\(journal.path)); --restart begins anew")
        }
        let runner = try AgentRunner(
            configuration, workers: request.workers, journal: journal,
            confirms: configuration.confirmsFailures)
        let end = request.secondsMax.map { System.monotonicNanoseconds + $0 * 1_000_000_000 }
        var explorer = Explorer(
            space, runner: runner, options: request.options,
            isSpent: { end.map { System.monotonicNanoseconds >= $0 } ?? false },
            progress: progress)
        let exploration = try explorer.explore()
        // What is complete is done anew the next time: the agent may read what no digest covers.
        if !exploration.wasCutOff { journal?.remove() }
        return ExploredAgent(
            exploration: exploration, scenario: scenario, cassette: reader.hash, agent: agent,
            runs: runner.runs, remembered: runner.remembered, worstGrade: runner.worstGrade)
    }

    /// All that decides what is seen.
    private static func identity(
        _ request: ExplorationRequest, _ agent: AgentIdentity, _ cassette: Digest
    ) -> JSONValue {
        [
            "journal": .int(1), "draws": .int(Int64(drawSchemaVersion)),
            "tool": .string(request.tool), "cassette": .string(cassette.hex),
            "agent": .string(agent.digest.hex), "configuration": request.configuration.json,
        ]
    }
}
