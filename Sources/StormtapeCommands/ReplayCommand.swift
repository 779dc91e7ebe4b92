internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run an agent against a cassette, once: undisturbed, by seed or by plan.",
        discussion: """
            EXAMPLES
              stormtape replay --cassette a.cassette -- python agent.py
              stormtape replay --cassette a.cassette --scenario storm.yaml --seed 7 \\
                -- python agent.py
              stormtape replay --cassette a.cassette --plan stp1.… -- python agent.py
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var chosen: ChoiceOptions

    @Option(help: "text, json or junit.")
    var format: ReportFormat = .text

    func run() throws {
        let configuration = try options.configuration()
        let run = try Storms.single(
            configuration, try chosen.choice(scenario: options.scenarioName), confirms: false)
        switch format {
        case .json: Terminal.say(run.report.canonicalText())
        case .junit:
            Terminal.write(
                JUnitReport.replay(run.summary, scenario: options.scenarioName ?? "replay"))
        case .text: Terminal.write(ReplayText.render(run.summary, style: Terminal.style))
        }
        throw ExitCode(ExitCodes.of(run.summary.verdict))
    }
}
