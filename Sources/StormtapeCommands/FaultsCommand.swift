internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Reports
internal import Runner
internal import Scenarios

struct FaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "List the kinds of fault, or print the page of one.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "The identifier of a fault; without one all are listed.")
    var fault: String?

    @Option(help: "text or json.")
    var format: Format = .text

    @Flag(help: "List the ready-made scenarios instead; `init --preset NAME` writes one.")
    var presets = false

    func run() throws {
        if presets {
            guard fault == nil else {
                throw RunnerError(.usage, "--presets lists them all; leave out the identifier")
            }
            Terminal.say(ScenarioPreset.all.map(line).joined(separator: "\n"))
            return
        }
        switch (format, fault) {
        case (.json, _): Terminal.say(FaultReference.json(try chosen()).canonicalText())
        case (.text, nil): Terminal.say(FaultReference.list.joined(separator: "\n"))
        case (.text, _):
            Terminal.say(try chosen().flatMap(FaultReference.page).joined(separator: "\n"))
        }
    }

    private func chosen() throws(RunnerError) -> [FaultKind] {
        guard let fault else { return FaultCatalogue.all }
        guard let kind = FaultCatalogue.named(fault) else {
            let question = Suggestion.question(for: fault, in: FaultCatalogue.all.map(\.id))
            throw RunnerError(
                .usage,
                "there is no fault '\(fault)'; "
                    + (question ?? "`stormtape faults` lists them all"))
        }
        return [kind]
    }

    private func line(_ preset: ScenarioPreset) -> String {
        let padding = String(repeating: " ", count: max(1, 24 - preset.name.count))
        return preset.name + padding + preset.summary
    }
}
