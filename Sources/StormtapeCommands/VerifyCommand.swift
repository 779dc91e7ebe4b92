internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Simulation

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run twice and compare event by event; show the first that differs.")

    @OptionGroup var options: RunOptions
    @OptionGroup var chosen: ChoiceOptions

    @Option(help: "text, json or junit.")
    var format: ReportFormat = .text

    func run() throws {
        let configuration = try options.configuration()
        let run = try Storms.single(
            configuration, try chosen.choice(scenario: options.scenarioName), confirms: true)
        switch format {
        case .json:
            var report = run.report
            report["deterministic"] = .bool(run.divergence == nil)
            if let divergence = run.divergence { report["divergence"] = divergence.json }
            Terminal.say(report.canonicalText())
        case .junit:
            Terminal.write(
                JUnitReport.replay(run.summary, scenario: options.scenarioName ?? "verify"))
        case .text:
            Terminal.write(ReplayText.render(run.summary, style: Terminal.style))
            Terminal.say("")
            Terminal.write(
                DivergenceText.render(
                    first: run.summary.digest, second: run.secondDigest ?? run.summary.digest,
                    divergence: run.divergence, style: Terminal.style))
        }
        throw ExitCode(ExitCodes.of(run.summary.verdict))
    }
}
