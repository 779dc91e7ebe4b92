internal import Determinism
internal import Faults
internal import Runner
internal import Scenarios

/// A scenario that is to be run, with what the configuration says of it.
struct ChosenScenario {
    /// The name in reports.
    var name: String
    var source: RunConfiguration.ScenarioSource
    /// Its own seeds; nil for those of all.
    var seeds: NamedSeeds?
    /// What must hold beside its own invariants.
    var invariants: [JSONValue] = []
}

extension RunSettings {
    /// The scenario that the command line names; nil when it names none.
    func given(_ options: RunOptions) throws(RunnerError) -> ChosenScenario? {
        if let name = options.preset {
            guard options.scenario == nil else {
                throw RunnerError(.usage, "give --scenario or --preset, not both")
            }
            return ChosenScenario(
                name: name, source: try preset(name))
        }
        guard let scenario = options.scenario else { return nil }
        if System.contents(of: scenario) == nil,
            let own = try all().first(where: { $0.name == scenario })
        {
            return own
        }
        let source = RunConfiguration.ScenarioSource(
            file: scenario, text: try Arguments.fileText(scenario))
        return ChosenScenario(name: scenario, source: source)
    }

    /// The scenarios of the configuration, whose names are all different.
    func all() throws(RunnerError) -> [ChosenScenario] {
        var chosen: [ChosenScenario] = []
        for entry in file?.scenarios ?? [] {
            let source = try source(entry)
            let scenario = try ScenarioAccess.parse(source)
            let name = entry.name ?? scenario.name
            guard !chosen.contains(where: { $0.name == name }) else {
                throw RunnerError(
                    .usage,
                    "\(file?.file ?? ""): two scenarios have the name '\(name)'; give one of "
                        + "them another with 'name'")
            }
            chosen.append(
                ChosenScenario(
                    name: name, source: source,
                    seeds: entry.seedText.map { NamedSeeds(text: $0, seeds: entry.seeds) },
                    invariants: entry.invariants))
        }
        return chosen
    }

    private func source(
        _ entry: ProjectConfiguration.ScenarioEntry
    ) throws(RunnerError) -> RunConfiguration.ScenarioSource {
        switch entry.source {
        case .preset(let name): return try preset(name)
        case .inline(let text):
            return RunConfiguration.ScenarioSource(file: file?.file ?? "", text: text)
        case .file(let named):
            let path = project?.path(named) ?? named
            return RunConfiguration.ScenarioSource(
                file: path, text: try Arguments.fileText(path))
        }
    }

    private func preset(
        _ name: String
    ) throws(RunnerError) -> RunConfiguration.ScenarioSource {
        guard let preset = ScenarioPreset.named(name) else {
            throw RunnerError(.usage, ScenarioPreset.unknown(name))
        }
        return RunConfiguration.ScenarioSource(file: "preset " + name, text: preset.text)
    }
}
