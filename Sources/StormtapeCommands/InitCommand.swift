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

    func run() throws {
        let upstreams = try cassette.map { try CassetteAccess.open($0).manifest.upstreams }
        guard System.createFile(output, ScenarioTemplate.text(upstreams: upstreams ?? [])) else {
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
}
