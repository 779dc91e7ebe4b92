internal import ArgumentParser
internal import Runner
internal import Scenarios

struct ConfigImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a stormtape.yaml of a configuration of flakestorm.",
        discussion: """
            Says on standard error which of its keys never worked there, and what became of them.

            EXAMPLE
              stormtape config import flakestorm.yaml -o stormtape.yaml
            """)

    @Argument(help: "The configuration of flakestorm.")
    var file: String

    @Option(name: .shortAndLong, help: "The file to write; standard output unless given.")
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    func run() throws {
        let found = try converted()
        for note in found.notes { Terminal.complain(VisibleText.escaped("note: \(note)")) }
        guard let output else { return Terminal.write(found.text) }
        guard force || System.contents(of: output) == nil else {
            throw RunnerError(.usage, "\(output) exists; --force replaces it")
        }
        guard System.replaceFile(output, Array(found.text.utf8)) else {
            throw RunnerError(.usage, "cannot write \(output)")
        }
        Terminal.complain("wrote \(output)")
    }

    /// What is written is read again: it is a configuration, or that is our bug.
    private func converted() throws -> FlakestormConversion {
        let found: FlakestormConversion
        do {
            found = try FlakestormConversion.convert(
                text: try Arguments.fileText(file), file: file, Project.vocabulary)
        } catch let error as ScenarioError {
            throw RunnerError(.usage, error.description)
        }
        do {
            _ = try ConfigurationFile.parse(
                text: found.text, file: output ?? ConfigurationFile.name, Project.vocabulary)
        } catch {
            throw RunnerError(
                .usage, "what \(file) asks for cannot be said here:\n\(error.description)")
        }
        return found
    }
}
