internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Mutations
internal import Runner

struct MutateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate",
        abstract: "Show a prompt as rule-based mutations change it: the same on every run.",
        discussion: """
            Without --mutation or --class, the first form of each of the 39 mutations is shown.
            Meaning-preserving ones leave numbers, identifiers, addresses, code and quotations alone.

            EXAMPLES
              stormtape mutate "Cancel order AB-1234" --seed 7
              stormtape mutate "Cancel order AB-1234" --mutation typo-transpose
              stormtape mutate --list
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "The prompt.")
    var text: String?

    @Option(help: "The seed of the draws.")
    var seed = "1"

    @Option(help: "A mutation with all its forms, one form, or another tool's name; repeatable.")
    var mutation: [String] = []

    @Option(name: .customLong("class"), help: "metamorphic, directional or hostile.")
    var expectation: String?

    @Option(help: "How many percent of the words or places are edited, at least one.")
    var intensity = 10

    @Option(help: "For custom-template: a text that holds {prompt}.")
    var template: String?

    @Option(help: "text or json.")
    var format: Format = .text

    @Flag(help: "List the mutations, their forms and the other names they have.")
    var list = false

    func run() throws {
        let chosen = try chosenVariants()
        if list {
            guard text == nil, template == nil else {
                throw RunnerError(
                    .usage, "--list shows no prompt; leave the text and --template out")
            }
            MutationListing(variants: chosen).say(asJSON: format == .json)
            return
        }
        guard let text else {
            throw RunnerError(.usage, "no prompt; give it in quotation marks, or --list")
        }
        guard let seed = Seed(text: seed) else {
            throw RunnerError(.usage, "--seed \(seed): a seed is a number, such as 7 or 0x1F")
        }
        guard let intensity = MutationIntensity(percent: intensity) else {
            throw RunnerError(.usage, "--intensity \(intensity): it lies between 1 and 100")
        }
        guard template == nil || chosen.contains(where: { $0.name == Self.templated }) else {
            throw RunnerError(
                .usage,
                "--template is for \(Self.templated); add --mutation \(Self.templated), "
                    + "or leave it out"
            )
        }
        for variant in chosen {
            let result = Result { () throws(MutationRefusal) in
                try variant.apply(to: text, seed: seed, intensity: intensity, template: template)
            }
            Terminal.say(
                format == .json
                    ? MutationListing.json(variant, result).canonicalText()
                    : MutationListing.lines(variant, result).joined(separator: "\n"))
        }
    }

    /// The only form that uses `--template`.
    private static let templated = "custom-template"

    /// What was asked for; without a wish, the first form of each mutation.
    private func chosenVariants() throws(RunnerError) -> [MutationVariant] {
        var variants: [MutationVariant] = []
        for name in mutation { variants += try found(name) }
        if mutation.isEmpty {
            variants =
                list || expectation != nil
                ? Mutations.variants : Mutations.all.compactMap(\.variants.first)
        }
        guard let expectation else { return variants }
        guard let wanted = MutationClass(rawValue: expectation) else {
            throw RunnerError(
                .usage, "--class \(expectation): one of metamorphic, directional and hostile")
        }
        let chosen = variants.filter { $0.expectation == wanted }
        guard !chosen.isEmpty else {
            throw RunnerError(
                .usage,
                "--class \(expectation): no form of --mutation \(mutation.joined(separator: ", ")) "
                    + "is of this class; leave one of the two out")
        }
        return chosen
    }

    private func found(_ name: String) throws(RunnerError) -> [MutationVariant] {
        if let mutation = Mutations.mutation(name) { return mutation.variants }
        if let variant = Mutations.named(name) { return [variant] }
        let question = Suggestion.question(for: name, in: Mutations.variants.map(\.name))
        throw RunnerError(
            .usage,
            "there is no mutation '\(name)'; "
                + (question ?? "`stormtape mutate --list` shows them all"))
    }
}

/// How mutations and what they wrote are shown.
struct MutationListing {
    let variants: [MutationVariant]

    func say(asJSON: Bool) {
        for mutation in Mutations.all {
            let mine = mutation.variants.filter { form in
                variants.contains { $0.name == form.name }
            }
            guard !mine.isEmpty else { continue }
            if !asJSON { Terminal.say(mutation.summary) }
            for variant in mine {
                Terminal.say(
                    asJSON
                        ? MutationListing.json(variant, of: mutation).canonicalText()
                        : MutationListing.line(variant))
            }
        }
    }

    private static func line(_ variant: MutationVariant) -> String {
        let name = variant.name + padding(after: variant.name, to: 28)
        let expectation = variant.expectation.rawValue
        let aliases = variant.aliases.joined(separator: ", ")
        return "  " + name + expectation
            + (aliases.isEmpty ? "" : padding(after: expectation, to: 14) + aliases)
    }

    private static func json(_ variant: MutationVariant, of mutation: Mutation) -> JSONValue {
        [
            "aliases": .array(variant.aliases.map { .string($0) }),
            "class": .string(variant.expectation.rawValue),
            "keeps_protected": .bool(variant.keepsProtected), "mutation": .string(mutation.id),
            "summary": .string(mutation.summary), "variant": .string(variant.name),
        ]
    }

    static func json(
        _ variant: MutationVariant, _ result: Result<MutatedText, MutationRefusal>
    ) -> JSONValue {
        let head: [JSONMember] = [
            JSONMember("variant", .string(variant.name)),
            JSONMember("class", .string(variant.expectation.rawValue)),
        ]
        switch result {
        case .failure(let refusal):
            return .object(head + [JSONMember("inapplicable", .string(refusal.message))])
        case .success(let mutated):
            let changes = mutated.changes.map { change -> JSONValue in
                [
                    "from": .string(change.original), "offset": .int(Int64(change.offset)),
                    "to": .string(change.replacement),
                ]
            }
            return .object(
                head + [
                    JSONMember("changes", .array(changes)),
                    JSONMember("note", .string(mutated.note)),
                    JSONMember("text", .string(mutated.text)),
                ])
        }
    }

    static func lines(
        _ variant: MutationVariant, _ result: Result<MutatedText, MutationRefusal>
    ) -> [String] {
        let head = variant.name + padding(after: variant.name, to: 28)
        switch result {
        case .failure(let refusal): return [head + "inapplicable: \(refusal.message)"]
        case .success(let mutated):
            return [
                head + variant.expectation.rawValue + "  " + summary(of: mutated),
                "  " + VisibleText.escaped(mutated.text),
            ]
        }
    }

    private static let changesMax = 4

    private static func summary(of mutated: MutatedText) -> String {
        guard mutated.note.isEmpty else { return mutated.note }
        let shown = mutated.changes.prefix(changesMax).map(summary)
        let more = mutated.changes.count - shown.count
        return shown.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
    }

    private static func summary(of change: MutationChange) -> String {
        let (before, after) = (
            VisibleText.short(change.original), VisibleText.short(change.replacement)
        )
        if before.isEmpty { return "added '\(after)'" }
        return after.isEmpty ? "removed '\(before)'" : "'\(before)' to '\(after)'"
    }

    private static func padding(after text: String, to width: Int) -> String {
        String(repeating: " ", count: max(2, width - text.count))
    }
}
