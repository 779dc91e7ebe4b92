internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Runner
internal import Scenarios

/// Options of every command that runs an agent against a cassette.
struct RunOptions: ParsableArguments {
    @Option(help: "The cassette.")
    var cassette: String

    @Option(help: "The scenario.")
    var scenario: String?

    @Option(help: "A ready-made scenario in its place; `faults --presets` lists them.")
    var preset: String?

    @Option(help: "Change the recorded prompt by this mutation; `stormtape mutate --list`.")
    var mutate: String?

    @Option(
        name: .customLong("wall-limit"),
        help: "How many seconds of real time one run may take before it counts as hung.")
    var wallLimit: Double = 60

    @Option(help: "immediate: delays take no time. real: they are slept, and the clock is real.")
    var pace: PaceArgument = .immediate

    @Option(
        help: "virtual: the agent runs on the simulation's clock. real: on the machine's; grade C.")
    var clock: ClockArgument = .virtual

    @Option(
        name: .customLong("memory-limit"),
        help: "How much memory in MiB an agent and its children may take together.")
    var memoryLimit: Int64 = 8_192

    @Option(
        name: .customLong("process-limit"),
        help: "How many processes an agent may have at a time.")
    var processLimit: Int64 = 1_000

    @Flag(
        name: .customLong("show-output"),
        help: "Show the agent's own output on standard error.")
    var showOutput = false

    @Flag(
        name: .customLong("no-isolation"),
        help: "Do not put agents into a network namespace; the grade says so.")
    var noIsolation = false

    @OptionGroup var asking: AskOptions

    @Argument(parsing: .postTerminator, help: "The agent's command, after --.")
    var command: [String] = []

    enum PaceArgument: String, ExpressibleByArgument, CaseIterable {
        case immediate
        case real
    }

    enum ClockArgument: String, ExpressibleByArgument, CaseIterable {
        case virtual
        case real
    }

    func configuration() throws(RunnerError) -> RunConfiguration {
        guard wallLimit > 0, wallLimit <= 86_400 else {
            throw RunnerError(
                .usage, "--wall-limit \(wallLimit): more than 0, at most 86400 seconds")
        }
        var source: RunConfiguration.ScenarioSource?
        if let preset {
            source = try self.preset(preset)
        } else if scenario == nil, mutate != nil {
            source = RunConfiguration.ScenarioSource(
                file: "--mutate", text: "scenario: mutation\n")
        } else if let scenario {
            source = RunConfiguration.ScenarioSource(
                file: scenario, text: try Arguments.fileText(scenario))
        }
        var configuration = RunConfiguration(
            cassette: cassette, command: try Arguments.command(command), scenario: source,
            wallLimitMilliseconds: Int64(wallLimit * 1000), sleepsForReal: pace == .real,
            showsOutput: showOutput, isolatesNetwork: !noIsolation)
        configuration.usesVirtualClock = clock == .virtual
        guard (1...1_000_000_000).contains(memoryLimit) else {
            throw RunnerError(.usage, "--memory-limit \(memoryLimit): a number of MiB from 1 on")
        }
        guard (2...1_000_000).contains(processLimit) else {
            throw RunnerError(.usage, "--process-limit \(processLimit): from 2 to 1000000")
        }
        configuration.memoryMebibytesMax = memoryLimit
        configuration.processesMax = processLimit
        configuration.ask = try asking.source()
        configuration.mutation = mutate
        return configuration
    }

    /// What the scenario is called in reports and errors; nil when there is none.
    var scenarioName: String? { scenario ?? preset ?? mutate.map { "mutation " + $0 } }

    private func preset(
        _ name: String
    ) throws(RunnerError) -> RunConfiguration.ScenarioSource {
        guard scenario == nil else {
            throw RunnerError(.usage, "give --scenario or --preset, not both")
        }
        guard let preset = ScenarioPreset.named(name) else {
            throw RunnerError(.usage, ScenarioPreset.unknown(name))
        }
        return RunConfiguration.ScenarioSource(file: "preset " + name, text: preset.text)
    }
}

/// How one run is chosen: by seed or by plan.
struct ChoiceOptions: ParsableArguments {
    @Option(help: "The seed that expands the scenario.")
    var seed: String?

    @Option(help: "A plan: the blob from a report, or a file that holds one.")
    var plan: String?

    func choice(scenario: String?) throws(RunnerError) -> RunChoice {
        if let plan {
            guard seed == nil, scenario == nil else {
                throw RunnerError(
                    .usage,
                    "--plan holds all that decides the run; leave out --scenario and --seed")
            }
            return .plan(try PlanAccess.load(plan))
        }
        guard let text = seed else {
            guard scenario == nil else {
                throw RunnerError(.usage, "--scenario needs --seed N (or use `stormtape storm`)")
            }
            return .undisturbed
        }
        guard scenario != nil else {
            throw RunnerError(.usage, "--seed expands a scenario; give --scenario FILE too")
        }
        guard let seed = Seed(text: text) else {
            throw RunnerError(.usage, "--seed \(text): a number from 0 to 2^64-1, or 0x hex")
        }
        return .seed(seed)
    }
}

/// The form of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case junit
}

/// Reads plans with errors that carry an exit code.
enum PlanAccess {
    static func load(_ text: String) throws(RunnerError) -> Plan {
        do {
            return try PlanArgument.load(text)
        } catch {
            throw RunnerError(.usage, error.message)
        }
    }
}
