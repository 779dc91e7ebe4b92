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

    @Option(help: ReportFormat.help)
    var format: ReportFormat = .text

    func run() throws {
        let single = try SingleSettings(options, chosen)
        let run = try single.run(confirms: true)
        switch format {
        case .json:
            var report = run.report
            report["deterministic"] = .bool(run.divergence == nil)
            if let divergence = run.divergence { report["divergence"] = divergence.json }
            Terminal.write(JSONReport.bytes(report))
        case .text:
            Terminal.write(ReplayText.render(run.summary, style: Terminal.style))
            Terminal.say("")
            Terminal.write(
                DivergenceText.render(
                    first: run.summary.digest, second: run.secondDigest ?? run.summary.digest,
                    divergence: run.divergence, style: Terminal.style))
        default:
            Terminal.write(
                RunReport.bytes(
                    run, format, Terminal.style, scenario: single.scenarioName ?? "verify",
                    ReportContext(single.configuration)))
        }
        throw ExitCode(ExitCodes.of(run.summary.verdict))
    }
}
