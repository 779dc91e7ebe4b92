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

    @Option(help: ReportFormat.help)
    var format: ReportFormat = .text

    func run() throws {
        let single = try SingleSettings(options, chosen)
        let run = try single.run(confirms: false)
        let details =
            format == .html
            ? try Storms.details(single.configuration, of: [run.summary], workers: 2)
            : RunDetails()
        Terminal.write(
            RunReport.bytes(
                run, format, Terminal.style, scenario: single.scenarioName ?? "replay",
                ReportContext(single.configuration), details: details))
        OpenQuestionsNote.tell(single.configuration.judges)
        throw ExitCode(ExitCodes.of(run.summary.verdict))
    }
}
