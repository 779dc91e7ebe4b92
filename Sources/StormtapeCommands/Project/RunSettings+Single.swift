internal import Determinism
internal import Reports
internal import Runner
internal import Scenarios

/// One run, as the command line and the configuration ask for it.
struct SingleSettings {
    var configuration: RunConfiguration
    var choice: RunChoice
    /// What the scenario is called in reports; nil when there is none.
    var scenarioName: String?
    /// What goes before the line that reproduces the run; empty where it is right as it is.
    let entering: String

    /// Resolves the options of a command that makes one run.
    init(_ options: RunOptions, _ chosen: ChoiceOptions) throws(RunnerError) {
        var settings = try RunSettings(options)
        let given = try Self.scenario(options, chosen, settings)
        scenarioName = given?.name ?? options.mutate.map { "mutation " + $0 }
        choice = try chosen.choice(scenario: scenarioName)
        settings.configuration.mutation = options.mutate
        if let given {
            settings.configuration.scenario = given.source
            settings.configuration.invariants += given.invariants
        } else if options.mutate != nil {
            settings.configuration.scenario = .mutation
        }
        configuration = settings.configuration
        entering = settings.entering
        try settings.enterFolder()
    }

    /// Makes the run, once or twice.
    func run(confirms: Bool) throws -> SingleRun {
        var run = try Storms.single(configuration, choice, confirms: confirms)
        guard !entering.isEmpty else { return run }
        run.summary.reproduce = entering + run.summary.reproduce
        if let line = run.report["reproduce"]?.stringValue {
            run.report["reproduce"] = .string(entering + line)
        }
        return run
    }

    /// With a seed alone, the scenario is the only one of the configuration.
    private static func scenario(
        _ options: RunOptions, _ chosen: ChoiceOptions, _ settings: RunSettings
    ) throws(RunnerError) -> ChosenScenario? {
        if let given = try settings.given(options) { return given }
        guard chosen.seed != nil, chosen.plan == nil, options.mutate == nil else { return nil }
        let all = try settings.all()
        guard all.count > 1 else { return all.first }
        throw RunnerError(
            .usage,
            "--seed expands one scenario, and \(settings.file?.file ?? "") has several; give "
                + "--scenario with one of " + all.map(\.name).joined(separator: ", "))
    }
}

extension RunConfiguration.ScenarioSource {
    /// A scenario without faults, for a changed prompt.
    static let mutation = RunConfiguration.ScenarioSource(
        file: "--mutate", text: "scenario: mutation\n")
}
