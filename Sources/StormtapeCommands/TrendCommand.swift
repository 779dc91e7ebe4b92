internal import ArgumentParser
internal import Determinism
internal import History
internal import Runner

struct TrendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trend",
        abstract: "Show what became of an agent over its commits, from the run ledger.",
        discussion: """
            A plan that gives two different runs on one commit is flaky. One that is judged \
            otherwise on another commit is a regression or a mend.

            EXAMPLE
              stormtape trend --last 10
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @OptionGroup var projectOptions: ProjectOptions

    @Option(help: "The folder of the run ledger; .stormtape unless given.")
    var history: String?

    @Option(help: "How many commits are shown, the latest ones.")
    var last: Int = 20

    @Option(help: "Only storms of this scenario, by its name.")
    var scenario: String?

    @Option(help: "text or json.")
    var format: Format = .text

    func run() throws {
        guard (1...1_000).contains(last) else {
            throw RunnerError(.usage, "--last \(last): from 1 to 1000")
        }
        var resolver = SettingResolver(try projectOptions.project())
        let folder = try HistoryOptions.folder(history, &resolver)
        let trend: Trend
        do {
            trend = try Ledger.openToRead(folder: folder).trend(last: last, scenario: scenario)
        } catch {
            throw RunnerError(.usage, error.description)
        }
        switch format {
        case .json: Terminal.say(TrendJSON.json(trend).canonicalText())
        case .text: Terminal.write(TrendText.render(trend, color: Terminal.wantsColor(1)))
        }
    }
}
