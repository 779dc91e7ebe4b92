package import Determinism
internal import Mutations

/// The prompt that an agent is given in place of the recorded one.
package struct GivenPrompt {
    private let recorded: String
    private let given: String
    private let mutation: (name: String, variant: MutationVariant)?

    /// Nil where the recorded prompt stays; throws what is wrong whatever the seed.
    package init?(
        _ configuration: RunConfiguration, inPlaceOf recorded: String?
    ) throws(RunnerError) {
        let name = configuration.mutation
        guard configuration.prompt != nil || name != nil else { return nil }
        guard let recorded, !recorded.isEmpty else {
            let what = name.map { "--mutate \($0)" } ?? "a prompt is given"
            throw RunnerError(
                .usage,
                "\(what): the cassette holds no prompt (\(configuration.cassette)); record it "
                    + "with --prompt TEXT, which replaces {prompt} in the command and sets "
                    + "STORMTAPE_PROMPT")
        }
        self.recorded = recorded
        given = configuration.prompt ?? recorded
        guard let name else {
            mutation = nil
            return
        }
        guard let variant = Mutations.named(name) else {
            throw RunnerError(
                .usage, "there is no mutation '\(name)'; `stormtape mutate --list` shows them")
        }
        mutation = (name, variant)
    }

    /// The text, where the seed draws a mutation; nil for the recorded one.
    ///
    /// Throws when the mutation does not apply to it.
    package func text(seed: Seed) throws(RunnerError) -> String? {
        guard let mutation else { return given == recorded ? nil : given }
        do {
            return try mutation.variant.apply(to: given, seed: seed).text
        } catch {
            throw RunnerError(.usage, "--mutate \(mutation.name): \(error)")
        }
    }
}

extension RunConfiguration {
    /// The prompt that the agent is given in place of the recorded one; nil for that one.
    ///
    /// The seed draws a mutation.
    func givenPrompt(
        inPlaceOf recorded: String?, seed: Seed
    ) throws(RunnerError) -> String? {
        try GivenPrompt(self, inPlaceOf: recorded)?.text(seed: seed)
    }
}
