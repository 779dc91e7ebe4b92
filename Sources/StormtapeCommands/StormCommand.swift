internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner

struct StormCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "Run an agent against a cassette under many seeds of a scenario.",
        discussion: """
            EXAMPLE
              stormtape storm --cassette a.cassette --scenario storm.yaml --seeds 1..60 \\
                -- python agent.py
              stormtape storm --cassette a.cassette --scenario storm.yaml --explore pairs \
                --certificate pairs.json -- python agent.py
            """)

    @OptionGroup var options: RunOptions

    @OptionGroup var gates: GateOptions

    @OptionGroup var remembering: HistoryOptions

    @OptionGroup var exploring: ExploreOptions

    @Option(help: ReportFormat.help)
    var format: ReportFormat = .text

    func run() throws {
        var settings = try RunSettings(options)
        let gates = try GateSettings(gates, &settings.resolver)
        try exploring.refuseAlone()
        let all = try exploring.cases(settings, options, gates.seeding)
        let places = try remembering.places(&settings)
        try settings.enterFolder()
        let cases = try StormCheck.applicable(all)
        // Opened when storms can run: what is refused leaves nothing behind.
        let history = StormHistory(
            places, tool: StormtapeVersion.current,
            cassettes: cases.map(\.configuration.cassette)
        ) { Terminal.complain(VisibleText.escaped($0)) }
        if exploring.isAsked {
            let run = ExploreRun(
                explore: exploring, gates: gates, history: history, entering: settings.entering)
            throw ExitCode(try run.run(cases[0], format))
        }
        throw ExitCode(
            try ProjectStorm(cases: cases, gates: gates, settings: settings, history: history)
                .run(format))
    }
}

/// A storm with its progress shown.
struct StormRunner {
    var configuration: RunConfiguration
    var seeds: [Seed]
    var workers: Int?
    var tolerance = Tolerance()
    var history: StormHistory?
    /// Where the workers stay.
    var crew: StormCrew?

    func run(label: String) throws -> StormResult {
        guard configuration.scenario != nil else {
            throw RunnerError(
                .usage, "a storm needs --scenario FILE; `stormtape init` writes one to begin with")
        }
        let count = workers ?? System.processorCount
        guard count >= 1, count <= 256 else {
            throw RunnerError(.usage, "--workers \(count): from 1 to 256")
        }
        var progress = ProgressReporter(label, total: seeds.count)
        return try Storms.storm(
            configuration, seeds: seeds, workers: count, tolerance: tolerance, history: history,
            crew: crew
        ) { verdict in
            progress.advance(failed: verdict.isFailure)
        }
    }
}
