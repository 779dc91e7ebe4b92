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
