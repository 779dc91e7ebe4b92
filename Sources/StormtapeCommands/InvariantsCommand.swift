internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Faults

struct InvariantsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invariants",
        abstract: "List the rules that a scenario can demand, or print the page of one.")

    @Argument(help: "The name of an invariant; without one all are listed.")
    var name: String?

    @Option(help: "text or json.")
    var format: FaultsCommand.Format = .text

    func run() throws {
        switch (format, name) {
        case (.json, _): Terminal.say(InvariantReference.json(try chosen()).canonicalText())
        case (.text, nil): Terminal.say(InvariantReference.list.joined(separator: "\n"))
        case (.text, _):
            Terminal.say(try chosen().flatMap(InvariantReference.page).joined(separator: "\n"))
        }
    }

    private func chosen() throws(RunnerError) -> [InvariantKind] {
        guard let name else { return InvariantCatalogue.all }
        guard let kind = InvariantCatalogue.named(name) else {
            let question = Suggestion.question(for: name, in: InvariantCatalogue.names)
            throw RunnerError(
                .usage,
                "there is no invariant '\(name)'; "
                    + (question ?? "`stormtape invariants` lists them all"))
        }
        return [kind]
    }
}
