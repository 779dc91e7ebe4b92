internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Runner

struct FaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "List the kinds of fault, or show one with its parameters.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "The identifier of a fault; without one all are listed.")
    var fault: String?

    @Option(help: "text or json.")
    var format: Format = .text

    func run() throws {
        let kinds = try chosen()
        switch format {
        case .json: Terminal.say(JSONValue.array(kinds.map(json)).canonicalText())
        case .text where fault == nil: Terminal.say(kinds.map(line).joined(separator: "\n"))
        case .text: Terminal.say(kinds.flatMap(page).joined(separator: "\n"))
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

    private func line(_ kind: FaultKind) -> String {
        let padding = String(repeating: " ", count: max(1, 34 - kind.id.count))
        return "\(kind.id)\(padding)W\(kind.weight)  \(kind.summary)"
    }

    private func page(_ kind: FaultKind) -> [String] {
        let head = [
            kind.id, "  \(kind.summary)",
            "  layer \(kind.layer) · hits \(kind.target.rawValue) · "
                + "\(kind.signature.rawValue) · weight \(kind.weight)"
                + (kind.replaces ? " · replaces the answer" : ""),
        ]
        return head
            + kind.parameters.map { spec in
                "  \(spec.name): \(spec.domain.allowed); \(initial(spec)). \(spec.summary)"
            }
    }

    private func initial(_ spec: ParameterSpec) -> String {
        switch spec.defaultValue {
        case .fixed(let value): "\(value.canonicalText()) unless given"
        case .drawn: "drawn by the seed unless given"
        }
    }

    private func json(_ kind: FaultKind) -> JSONValue {
        .object([
            JSONMember("id", .string(kind.id)),
            JSONMember("summary", .string(kind.summary)),
            JSONMember("layer", .string("\(kind.layer)")),
            JSONMember("hits", .string(kind.target.rawValue)),
            JSONMember("signature", .string(kind.signature.rawValue)),
            JSONMember("weight", .int(Int64(kind.weight))),
            JSONMember("replaces", .bool(kind.replaces)),
            JSONMember(
                "parameters",
                .array(
                    kind.parameters.map { spec in
                        .object([
                            JSONMember("name", .string(spec.name)),
                            JSONMember("allowed", .string(spec.domain.allowed)),
                            JSONMember("initial", .string(initial(spec))),
                            JSONMember("summary", .string(spec.summary)),
                        ])
                    })),
        ])
    }
}
