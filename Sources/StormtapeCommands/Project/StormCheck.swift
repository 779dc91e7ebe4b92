internal import Cassette
internal import CassetteStore
internal import Runner

/// Looks at all storms before the first one runs: one that cannot would discard what the others
/// found.
struct StormCheck {
    private var readers: [String: CassetteReader] = [:]

    /// The storms that can run; those whose mutation does not apply are left out with a note.
    static func applicable(_ cases: [StormCase]) throws(RunnerError) -> [StormCase] {
        var check = StormCheck()
        var kept: [StormCase] = []
        var refusals: [String] = []
        for storming in cases {
            guard let refusal = try check.refusal(storming) else {
                kept.append(storming)
                continue
            }
            refusals.append(refusal)
            if cases.count > 1 {
                Terminal.complain(
                    VisibleText.escaped("left out: \(storming.label): \(refusal)"))
            }
        }
        guard !kept.isEmpty else {
            throw RunnerError(.usage, refusals.first ?? "there is no storm to run")
        }
        return kept
    }

    /// Why the mutation of a storm does not apply; what is wrong otherwise is thrown.
    private mutating func refusal(_ storming: StormCase) throws(RunnerError) -> String? {
        let configuration = storming.configuration
        let reader = try reader(configuration.cassette)
        if let scenario = configuration.scenario { _ = try ScenarioAccess.parse(scenario) }
        guard
            let prompt = try GivenPrompt(configuration, inPlaceOf: reader.manifest.prompt)
        else { return nil }
        do {
            for seed in storming.seeds { _ = try prompt.text(seed: seed) }
            return nil
        } catch {
            return error.message
        }
    }

    private mutating func reader(_ path: String) throws(RunnerError) -> CassetteReader {
        if let known = readers[path] { return known }
        let reader = try CassetteAccess.openToRun(path)
        readers[path] = reader
        return reader
    }
}
