internal import Determinism
internal import Mutations

extension RunConfiguration {
    /// The prompt that the agent is given in place of the recorded one; nil for that one.
    ///
    /// The seed draws a mutation.
    func givenPrompt(inPlaceOf recorded: String?, seed: Seed) throws -> String? {
        guard prompt != nil || mutation != nil else { return nil }
        guard let recorded, !recorded.isEmpty else {
            let what = mutation.map { "--mutate \($0)" } ?? "a prompt is given"
            throw RunnerError(
                .usage,
                "\(what): the cassette holds no prompt; record it with --prompt TEXT, "
                    + "which replaces {prompt} in the command and sets STORMTAPE_PROMPT")
        }
        let given = prompt ?? recorded
        guard let name = mutation else { return given == recorded ? nil : given }
        guard let mutation = Mutations.named(name) else {
            throw RunnerError(
                .usage, "there is no mutation '\(name)'; `stormtape mutate --list` shows them")
        }
        do {
            return try mutation.apply(to: given, seed: seed).text
        } catch {
            throw RunnerError(.usage, "--mutate \(name): \(error)")
        }
    }
}
