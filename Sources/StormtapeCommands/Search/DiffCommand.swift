internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Search

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two runs: where they part, and what happens side by side.",
        discussion: """
            The runs are JSON reports of replay or verify.

            EXAMPLE
              stormtape replay --format json --cassette a.cassette -- python old.py > old.json
              stormtape replay --format json --cassette a.cassette -- python new.py > new.json
              stormtape diff old.json new.json

            A row is marked ! where the two differ, ~ where only their instants do, < and > where
            one run alone has the event. It ends with 0 when the runs are the same, else with 1.
            """)

    @Argument(help: "The report of the first run.")
    var first: String

    @Argument(help: "The report of the second run.")
    var second: String

    @Option(help: "How many equal events are shown around one that differs.")
    var context: Int = 3

    @Option(help: "How many rows are shown at most.")
    var rows: Int = 80

    @Option(help: "text or json.")
    var format: FaultsCommand.Format = .text

    func run() throws {
        guard (0...1_000_000).contains(context), (1...1_000_000).contains(rows) else {
            throw RunnerError(.usage, "--context is 0 or more, --rows 1 or more")
        }
        let difference = TraceDifference(try Self.events(first), try Self.events(second))
        switch format {
        case .json: Terminal.write(JSONReport.bytes(difference.json))
        case .text: show(difference)
        }
        throw ExitCode(difference.isEmpty ? ExitCodes.passed : ExitCodes.failed)
    }

    private func show(_ difference: TraceDifference) {
        for line in difference.words { Terminal.say(line) }
        guard !difference.isEmpty else { return }
        Terminal.say("")
        let columns = difference.columns(
            width: Terminal.style.width, context: context, rowsMax: rows,
            first: VisibleText.escaped(first), second: VisibleText.escaped(second))
        for line in columns { Terminal.say(line) }
    }

    /// The events of a report.
    private static func events(_ path: String) throws(RunnerError) -> [JSONValue] {
        let report: JSONValue
        do {
            report = try JSONValue.parse(try Arguments.fileBytes(path))
        } catch let error as RunnerError {
            throw error
        } catch {
            throw RunnerError(
                .usage, "\(path) is not JSON: \(error); write it with replay --format json")
        }
        if let events = report["trace"]?["events"]?.arrayValue { return events }
        guard report["runs"] == nil, report["storms"] == nil else {
            throw RunnerError(
                .usage,
                "\(path) is the report of a storm; replay one of its runs with --format json, by "
                    + "the line under 'reproduce'")
        }
        throw RunnerError(
            .usage,
            "\(path) holds no events of a run; write it with replay --format json of this version")
    }
}
