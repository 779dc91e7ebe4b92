internal import ArgumentParser
internal import Runner
internal import Scenarios

/// Which configuration a command goes by.
struct ProjectOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: "The configuration; else the stormtape.yaml of this folder or one above it.")
    var file: String?

    @Flag(name: .customLong("no-config"), help: "Go by the command line alone.")
    var isRefused = false

    /// The file that the options or the environment name; nil for the one that is found.
    var named: String? {
        guard !isRefused else { return nil }
        let variable = System.environment.first { $0.name == "STORMTAPE_CONFIG" }?.value
        return file ?? variable.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The configuration that the options or `STORMTAPE_CONFIG` name, or that is found.
    func project() throws(RunnerError) -> Project? {
        guard !isRefused else {
            guard file == nil else {
                throw RunnerError(.usage, "give --config or --no-config, not both")
            }
            return nil
        }
        if let path = named { return try Project.load(path) }
        let here = ConfigurationSearch.workingFolder
        guard let found = ConfigurationSearch.nearest(from: here) else { return nil }
        let isHere = found == "\(here)/\(ConfigurationFile.name)"
        return try Project.load(isHere ? ConfigurationFile.name : found)
    }
}
