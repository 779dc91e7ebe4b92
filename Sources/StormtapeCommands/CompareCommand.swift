internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Scenarios

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Run two versions of an agent through the same plans and show what differs.",
        discussion: """
            A and B are commands, each as one word. Both meet the same faults at the same places,
            so that what differs is the agent and not the luck of the draw.

            EXAMPLE
              stormtape compare "python old.py" "python new.py" --cassette a.cassette \\
                --scenario storm.yaml --seeds 1..60

            It ends with 1 when B fails more plans that A passes than --max-lost allows, and with
            4 when a plan gave one of them two different runs.
            """)

    @Argument(help: "The command of version A, as one word.")
    var a: String

    @Argument(help: "The command of version B, as one word.")
    var b: String

    @OptionGroup var options: RunOptions

    @OptionGroup var seeding: SeedOptions

    @Option(
        name: .customLong("max-lost"), help: "How many plans B may fail that A passes.")
    var lostMax: Int = 0

    @Option(help: "text or json.")
    var format: FaultsCommand.Format = .text

    func run() throws {
        guard options.command.isEmpty else {
            throw RunnerError(
                .usage, "the two commands are A and B; leave out what stands after --")
        }
        guard lostMax >= 0 else { throw RunnerError(.usage, "--max-lost \(lostMax): 0 or more") }
        let result = ComparisonResult(
            nameA: a, try storm(a, "A", "A"), nameB: b, try storm(b, "B", "B"))
        switch format {
        case .json: Terminal.write(JSONReport.bytes(ComparisonJSON.json(result)))
        case .text: Terminal.write(ComparisonText.render(result, style: Terminal.style))
        }
        guard ![result.a, result.b].contains(where: { $0.isNondeterministic }) else {
            throw ExitCode(ExitCodes.nondeterministic)
        }
        guard result.comparison.table.total > 0 else { throw ExitCode(ExitCodes.nothingValid) }
        throw ExitCode(
            result.comparison.lost.count > lostMax ? ExitCodes.failed : ExitCodes.passed)
    }

    /// The storm of one version.
    private func storm(_ command: String, _ label: String, _ name: String) throws -> StormResult {
        var options = options
        options.command = try words(command, name)
        var settings = try RunSettings(options)
        let seeding = try SeedSettings(seeding, &settings.resolver)
        let cases = try settings.cases(options, seeding)
        guard cases.count == 1, let storming = cases.first else {
            throw RunnerError(.usage, several(cases, settings.cassettes.count))
        }
        return try StormRunner(
            configuration: storming.configuration, seeds: storming.seeds, workers: seeding.workers,
            tolerance: Tolerance(), history: nil
        ).run(label: label)
    }

    /// What makes several storms of one, and how to choose one of them.
    private func several(_ cases: [StormCase], _ cassettes: Int) -> String {
        var advice: [String] = []
        if Set(cases.map(\.scenario)).count > cassettes {
            advice.append("choose a scenario with --scenario NAME")
        }
        if cassettes > 1 { advice.append("choose a cassette with --cassette FILE") }
        if Set(cases.map(\.prompt)).count > 1 {
            advice.append(
                "choose a form of the prompt with --mutate NAME, or name a configuration with one "
                    + "of its 'prompts' and without 'mutations' by --config FILE")
        }
        return "compare takes one storm, and these are \(cases.count); "
            + advice.joined(separator: "; ")
    }

    private func words(_ command: String, _ name: String) throws(RunnerError) -> [String] {
        guard let words = ShellWords.split(command) else {
            throw RunnerError(.usage, "\(name): a quote in the command is not closed")
        }
        guard !words.isEmpty else {
            throw RunnerError(.usage, "\(name) is empty; give the command as one word")
        }
        return words
    }
}

extension StormResult {
    /// Whether a plan gave two different runs.
    fileprivate var isNondeterministic: Bool {
        runs.contains { $0.verdict == .nondeterministic }
    }
}
