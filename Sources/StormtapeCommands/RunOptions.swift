internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Runner
internal import Scenarios

/// Options of every command that runs an agent against a cassette.
struct RunOptions: ParsableArguments {
    @OptionGroup var projectOptions: ProjectOptions

    @Option(help: "The cassette; else those of the configuration.")
    var cassette: String?

    @Option(help: "The scenario: a file, or the name of one of the configuration.")
    var scenario: String?

    @Option(help: "A ready-made scenario in its place; `faults --presets` lists them.")
    var preset: String?

    @Option(help: "The cassette with recorded answers of judges; `stormtape judge` writes it.")
    var judges: String?

    @Option(help: "Change the recorded prompt by this mutation; `stormtape mutate --list`.")
    var mutate: String?

    @Option(
        name: .customLong("wall-limit"),
        help: "How many seconds of real time one run may take before it counts as hung; 60.")
    var wallLimit: Double?

    @Option(
        help:
            "immediate (the default): delays take no time. real: they are slept, and the clock is real."
    )
    var pace: PaceArgument?

    @Option(
        help: "virtual (the default): on the simulation's clock. real: on the machine's; grade C.")
    var clock: ClockArgument?

    @Option(
        name: .customLong("memory-limit"),
        help: "How much memory in MiB an agent and its children may take; 8192.")
    var memoryLimit: Int64?

    @Option(
        name: .customLong("process-limit"),
        help: "How many processes an agent may have at a time; 1000.")
    var processLimit: Int64?

    @Flag(
        name: .customLong("show-output"),
        help: "Show the agent's own output on standard error.")
    var showOutput = false

    @Flag(
        name: .customLong("no-isolation"),
        help: "Do not put agents into a network namespace; the grade says so.")
    var noIsolation = false

    @OptionGroup var asking: AskOptions

    @Argument(
        parsing: .postTerminator,
        help: "The agent's command, after --; else that of the configuration.")
    var command: [String] = []

    enum PaceArgument: String, ExpressibleByArgument, CaseIterable {
        case immediate
        case real
    }

    enum ClockArgument: String, ExpressibleByArgument, CaseIterable {
        case virtual
        case real
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
            throw RunnerError(
                .usage,
                "--seed expands a scenario; give --scenario FILE too, or name one in stormtape.yaml"
            )
        }
        guard let seed = Seed(text: text) else {
            throw RunnerError(.usage, "--seed \(text): a number from 0 to 2^64-1, or 0x hex")
        }
        return .seed(seed)
    }
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
