internal import ArgumentParser
internal import Determinism
internal import Runner

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine allows, and what to do about what it does not.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(help: "text or json.")
    var format: Format = .text

    func run() throws {
        let checks = Doctor.examine()
        switch format {
        case .json:
            let list = checks.map { check in
                JSONValue.object([
                    JSONMember("name", .string(check.name)),
                    JSONMember("ok", .bool(check.isFine)),
                    JSONMember("finding", .string(check.finding)),
                    JSONMember("remedy", check.remedy.map { .string($0) } ?? .null),
                ])
            }
            let report = JSONValue.object([
                JSONMember("schema", .int(1)),
                JSONMember("version", .string(StormtapeVersion.current)),
                JSONMember("checks", .array(list)),
            ])
            Terminal.say(report.canonicalText())
        case .text:
            Terminal.say("stormtape \(StormtapeVersion.current)")
            for check in checks {
                Terminal.say("  \(check.isFine ? "✓" : "!") \(check.name): \(check.finding)")
                if let remedy = check.remedy { Terminal.say("      \(remedy)") }
            }
        }
    }
}
