internal import ArgumentParser
internal import Cassette
internal import CassetteStore
internal import Runner
internal import Scenarios

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented scenario to begin with.")

    @Option(help: "The file to write.")
    var output: String = "storm.yaml"

    @Option(help: "A cassette, for the names of its upstreams.")
    var cassette: String?

    @Option(help: "A ready-made scenario to write; `faults --presets` lists them.")
    var preset: String?

    func run() throws {
        guard System.createFile(output, try text()) else {
            throw RunnerError(
                .usage,
                "cannot write \(output): it exists, or its folder cannot be written; "
                    + "give another with --output")
        }
        Terminal.complain("wrote \(output); run it with:")
        Terminal.say(
            "stormtape storm --cassette \(cassette ?? "CASSETTE") --scenario \(output) "
                + "--seeds 1..60 -- COMMAND")
    }

    private func text() throws -> String {
        guard let preset else {
            let upstreams = try cassette.map { try CassetteAccess.open($0).manifest.upstreams }
            return ScenarioTemplate.text(upstreams: upstreams ?? [])
        }
        guard let ready = ScenarioPreset.named(preset) else {
            throw RunnerError(.usage, ScenarioPreset.unknown(preset))
        }
        return ready.text
    }
}
