internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Runner
internal import Scenarios
internal import Search

/// How far `storm --explore` goes, and what it keeps.
struct ExploreOptions: ParsableArguments {
    /// What is explored.
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case seeds
        case singles
        case pairs
        case triples
        case ladder
    }

    @Option(
        help: """
            seeds (the default): draw faults by seed. singles, pairs, triples: every one, two or \
            three faults of the scenario's entries at different calls. ladder: singles, delays \
            around the agent's own deadlines, pairs, orders of requests, a swarm by seed, bursts.
            """)
    var explore: Mode = .seeds

    @Option(help: "Faults to explore in place of a scenario's, as server-error,slow-drip.")
    var kinds: String?

    @Option(help: "How many draws of its parameters each fault has at each call.")
    var draws: Int = 1

    @Option(help: "How many other orders of waiting requests the ladder tries.")
    var orders: Int = 16

    @Option(
        name: .customLong("order-depth"),
        help: "How many constraints such an order may have to meet to show a bug: 1, 2 or 3.")
    var orderDepth: Int = 1

    @Option(name: .customLong("max-runs"), help: "Explore no more plans than this.")
    var runsMax: Int?

    @Option(name: .customLong("max-time"), help: "Explore no longer than this many seconds.")
    var secondsMax: Int64?

    @Option(help: "A share of the work, as 2/8; `stormtape merge` puts the shares together.")
    var shard: String?

    @Option(help: "Write the certificate of what was covered to this file.")
    var certificate: String?

    @Flag(help: "Forget what a search that was cut off has left.")
    var restart = false

    /// The certificate is meant from the folder of the command, which is left for the agent's.
    mutating func validate() {
        guard let path = certificate, !path.hasPrefix("/") else { return }
        certificate = "\(ConfigurationSearch.workingFolder)/\(path)"
    }

    /// Whether anything but storms by seed is asked for.
    var isAsked: Bool { explore != .seeds }

    /// Refuses options that only an exploration has.
    func refuseAlone() throws(RunnerError) {
        guard !isAsked else { return }
        let given =
            kinds != nil
            ? "--kinds"
            : runsMax != nil
                ? "--max-runs"
                : secondsMax != nil
                    ? "--max-time"
                    : shard != nil
                        ? "--shard"
                        : certificate != nil
                            ? "--certificate"
                            : restart
                                ? "--restart"
                                : draws != 1
                                    ? "--draws"
                                    : orders != 16
                                        ? "--orders" : orderDepth != 1 ? "--order-depth" : nil
        guard let given else { return }
        throw RunnerError(
            .usage,
            "\(given) belongs to an exploration; add --explore singles, pairs, triples or ladder")
    }

    /// The options of the search.
    func options(seeds: [Seed]) throws(RunnerError) -> ExplorationOptions {
        guard (1...1_000).contains(draws) else {
            throw RunnerError(.usage, "--draws \(draws): from 1 to 1000")
        }
        guard (1...100_000).contains(orders) else {
            throw RunnerError(.usage, "--orders \(orders): from 1 to 100000")
        }
        guard (1...3).contains(orderDepth) else {
            throw RunnerError(.usage, "--order-depth \(orderDepth): from 1 to 3")
        }
        var options: ExplorationOptions =
            switch explore {
            case .seeds, .ladder: .ladder(seeds: seeds)
            case .singles: .singles
            case .pairs: .pairs
            case .triples: .triples
            }
        options.orders = orders
        options.orderDepth = orderDepth
        if let runsMax {
            guard runsMax >= 1 else {
                throw RunnerError(.usage, "--max-runs \(runsMax): 1 or more")
            }
            options.runsMax = runsMax
        }
        // Beyond the greatest one, nanoseconds could not be counted.
        if let secondsMax, !(1...1_000_000_000).contains(secondsMax) {
            throw RunnerError(
                .usage, "--max-time \(secondsMax): from 1 to 1000000000 seconds")
        }
        options.shard = try readShard()
        return options
    }

    private func readShard() throws(RunnerError) -> ExplorationOptions.Shard? {
        guard let text = shard else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
            let shard = ExplorationOptions.Shard(index: index, of: count)
        else {
            throw RunnerError(
                .usage,
                "--shard \(text): the form is I/N with I from 1 to N, as 2/8, and N at most "
                    + "\(ExplorationOptions.Shard.countMax)")
        }
        return shard
    }

    /// The scenario of the kinds that are listed; nil when none are.
    func listedScenario() throws(RunnerError) -> RunConfiguration.ScenarioSource? {
        guard let kinds else { return nil }
        let listed = kinds.split(separator: ",").map(String.init)
        guard !listed.isEmpty else {
            throw RunnerError(
                .usage, "--kinds names no fault; the form is server-error,slow-drip")
        }
        var text = "scenario: \"every \(kinds)\"\nfaults:\n"
        for id in listed {
            guard FaultCatalogue.named(id) != nil else {
                throw RunnerError(
                    .usage, "--kinds: there is no fault '\(id)'; `stormtape faults` lists them")
            }
            text += "  - fault: \(id)\n"
        }
        return RunConfiguration.ScenarioSource(file: "--kinds", text: text)
    }

    /// The storms of a command; an exploration is one.
    func cases(
        _ settings: RunSettings, _ options: RunOptions, _ seeding: SeedSettings
    ) throws(RunnerError) -> [StormCase] {
        guard let source = try listedScenario() else {
            let cases = try settings.cases(options, seeding)
            guard isAsked, cases.count != 1 else { return cases }
            throw RunnerError(
                .usage,
                "an exploration is of one scenario on one cassette with one prompt, and these are "
                    + "\(cases.count); choose with --scenario NAME, --cassette FILE and --mutate "
                    + "NAME")
        }
        guard options.scenario == nil, options.preset == nil, options.mutate == nil else {
            throw RunnerError(
                .usage, "--kinds takes the place of --scenario, --preset and --mutate")
        }
        var configuration = settings.configuration
        configuration.scenario = source
        return [
            StormCase(
                scenario: source.file, prompt: "", configuration: configuration,
                seeds: seeding.seeds.seeds)
        ]
    }
}
