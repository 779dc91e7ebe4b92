internal import ArgumentParser
internal import Runner
internal import Scenarios

/// Options for an agent that is a server.
struct AskOptions: ParsableArguments {
    @Option(
        name: .customLong("ask"),
        help: "The agent is a server: a YAML file of what it is asked over HTTP.")
    var file: String?

    @Option(
        name: .customLong("value"),
        help: "NAME=TEXT: what stands in the file of --ask as {{NAME}}; may be repeated.")
    var values: [String] = []

    /// The questions of the command line, or else those of the configuration.
    func source(in project: Project?) throws(RunnerError) -> AskSource? {
        guard file == nil, let own = project?.configuration.agent.ask else {
            return try source()
        }
        let path = project?.path(own) ?? own
        return try AskSource.parse(
            file: path, text: try Arguments.fileText(path),
            values: (project?.configuration.agent.values ?? []) + values)
    }

    func source() throws(RunnerError) -> AskSource? {
        guard let file else {
            guard values.isEmpty else {
                throw RunnerError(.usage, "--value fills in the file of --ask; give --ask FILE too")
            }
            return nil
        }
        return try AskSource.parse(
            file: file, text: try Arguments.fileText(file), values: values)
    }
}
