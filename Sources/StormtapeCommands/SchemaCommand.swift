internal import ArgumentParser
internal import Determinism
internal import Reports
internal import Runner
internal import Scenarios

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a file, for editors and other tools.",
        discussion: """
            EXAMPLES
              stormtape schema > .stormtape/schema/config.json
              stormtape schema scenario > .stormtape/schema/scenario.json

            'report' describes one storm. What storm --format json gives of several has them
            under 'storms', and no schema of its own.

            An editor with the YAML language server reads the first line of a file:
              # yaml-language-server: $schema=.stormtape/schema/config.json
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case config
        case scenario
        case report
        case replay

        /// Those of files that people write.
        static let written: [Kind] = [.config, .scenario]
    }

    @Argument(
        help: "config, scenario; report or replay: what --format json of storm and of replay gives."
    )
    var kind: Kind = .config

    func run() throws {
        Terminal.say(Self.schema(kind).canonicalText())
    }

    static func schema(_ kind: Kind) -> JSONValue {
        let schema = EditorSchema(Project.vocabulary)
        return switch kind {
        case .config: schema.configuration
        case .scenario: schema.scenario
        case .report: ReportSchema.storm
        case .replay: ReportSchema.replay
        }
    }
}
