internal import Determinism
internal import Runner
internal import Scenarios

/// One storm of those that a configuration asks for.
struct StormCase {
    /// The name of the scenario, with that of the cassette where there are several.
    var scenario: String
    /// How the agent is asked; empty for the recorded prompt.
    var prompt: String
    var configuration: RunConfiguration
    var seeds: [Seed]

    /// The name in reports.
    var label: String { prompt.isEmpty ? scenario : "\(scenario), \(prompt)" }
}

extension RunSettings {
    /// A way to ask the agent.
    private struct Wording {
        var prompt: String?
        var mutation: String?
        var label: String
    }

    /// Every scenario on every cassette with every prompt in every form.
    ///
    /// Seeds of the command line go before those of a scenario.
    func cases(_ options: RunOptions, _ seeding: SeedSettings) throws(RunnerError) -> [StormCase] {
        let scenarios = try scenarios(options)
        let wordings = try wordings(options)
        var cases: [StormCase] = []
        for scenario in scenarios {
            for cassette in cassettes {
                for wording in wordings {
                    var configuration = configuration
                    configuration.cassette = cassette
                    configuration.scenario = scenario.source
                    configuration.invariants += scenario.invariants
                    configuration.prompt = wording.prompt
                    configuration.mutation = wording.mutation
                    let place = cassettes.count > 1 ? " on \(cassette)" : ""
                    cases.append(
                        StormCase(
                            scenario: scenario.name + place, prompt: wording.label,
                            configuration: configuration,
                            seeds: (seeding.areSeedsGiven ? nil : scenario.seeds)?.seeds
                                ?? seeding.seeds.seeds))
                }
            }
        }
        return cases
    }

    private func scenarios(_ options: RunOptions) throws(RunnerError) -> [ChosenScenario] {
        if let given = try given(options) { return [given] }
        if let mutate = options.mutate {
            return [ChosenScenario(name: "mutation " + mutate, source: .mutation)]
        }
        let all = try all()
        guard !all.isEmpty else {
            throw RunnerError(
                .usage,
                "a storm needs --scenario FILE, or 'scenarios' in a stormtape.yaml; "
                    + "`stormtape init` writes both to begin with")
        }
        return all
    }

    private func wordings(_ options: RunOptions) throws(RunnerError) -> [Wording] {
        var prompts: [(text: String?, label: String)] = []
        for (index, prompt) in (file?.prompts ?? []).enumerated() {
            prompts.append((try project?.text(prompt), "prompt \(index + 1)"))
        }
        if prompts.isEmpty { prompts = [(nil, "")] }
        let own: [String?] = [nil] + (file?.mutations ?? [])
        let mutations = options.mutate.map { [$0] } ?? own
        return prompts.flatMap { prompt in
            mutations.map { mutation in
                // A storm of one mutation is named after it.
                let shown = options.mutate == nil ? mutation : nil
                let label = [prompt.label, shown ?? ""].filter { !$0.isEmpty }
                return Wording(
                    prompt: prompt.text, mutation: mutation,
                    label: label.joined(separator: " as "))
            }
        }
    }
}
