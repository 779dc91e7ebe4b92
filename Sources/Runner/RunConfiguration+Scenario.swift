internal import Determinism
internal import Faults

extension RunConfiguration {
    /// The scenario with all that must hold; nil when nothing is asked for.
    ///
    /// What must hold in every scenario stands behind its own, each invariant once.
    func judgedScenario() throws(RunnerError) -> Scenario? {
        let own = try scenario.map { (source) throws(RunnerError) in
            try ScenarioAccess.parse(source)
        }
        guard !invariants.isEmpty else { return own }
        var judged = own ?? Scenario(name: "undisturbed")
        for invariant in invariants where !judged.invariants.contains(invariant) {
            judged.invariants.append(invariant)
        }
        return judged
    }
}
