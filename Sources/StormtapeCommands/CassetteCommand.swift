internal import ArgumentParser
internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Runner

struct CassetteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cassette",
        abstract: "Look into cassettes.",
        subcommands: [CassetteInspectCommand.self, CassetteExportCommand.self])
}

struct CassetteInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a cassette holds.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "The cassette.")
    var cassette: String

    @Option(help: "text or json.")
    var format: Format = .text

    func run() throws {
        let reader = try CassetteAccess.open(cassette)
        let listing = try CassetteListing(reader)
        switch format {
        case .json: Terminal.say(listing.json.canonicalText())
        case .text: Terminal.say(listing.lines.joined(separator: "\n"))
        }
    }
}

struct CassetteExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the canonical text form of a cassette, a JSON line an interaction.")

    @Argument(help: "The cassette.")
    var cassette: String

    func run() throws {
        let reader = try CassetteAccess.open(cassette)
        try CassetteText.export(reader) { line in
            Terminal.write(line + [0x0A])
        }
    }
}
