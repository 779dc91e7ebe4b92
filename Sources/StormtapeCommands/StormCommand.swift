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
            """)

    @OptionGroup var options: RunOptions

    @Option(help: "The seeds: 7, 1..60, or 1..10,20,30..40.")
    var seeds: String = "1..60"

    @Option(help: "How many worker processes; the result does not depend on it.")
    var workers: Int?

    @Option(
        name: .customLong("min-pass"),
        help: "The share of runs that must not fail, as 95%, 19/20 or 0.95.")
    var minPass: String = "100%"

    @Option(
        name: .customLong("max-off-tape"),
        help: "How many runs may be off the tape or pass on assumed answers only.")
    var maxOffTape: Int = 0

    @Option(help: "text, json or junit.")
    var format: ReportFormat = .text

    func run() throws {
        let storm = try StormRunner(
            configuration: options.configuration(), seeds: Arguments.seeds(seeds),
            workers: workers, tolerance: tolerance()
        ).run(label: "storm")
        switch format {
        case .json: Terminal.say(JSONReport.storm(storm).canonicalText())
        case .junit: Terminal.write(JUnitReport.storm(storm))
        case .text: Terminal.write(StormText.render(storm, style: Terminal.style))
        }
        throw ExitCode(storm.exitCode)
    }

    private func tolerance() throws(RunnerError) -> Tolerance {
        guard let share = Ratio(text: minPass) else {
            throw RunnerError(.usage, "--min-pass \(minPass): the forms are 95%, 19/20 and 0.95")
        }
        guard maxOffTape >= 0 else {
            throw RunnerError(.usage, "--max-off-tape \(maxOffTape): 0 or more")
        }
        return Tolerance(minPass: share, maxOffTape: maxOffTape)
    }
}

/// A storm with its progress shown.
struct StormRunner {
    var configuration: RunConfiguration
    var seeds: [Seed]
    var workers: Int?
    var tolerance = Tolerance()

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
            configuration, seeds: seeds, workers: count, tolerance: tolerance
        ) { verdict in
            progress.advance(failed: verdict.isFailure)
        }
    }
}
