internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// Runs of a storm that failed in the same way: one story tells them all.
struct FailureGroup {
    /// The run with the lowest seed.
    let example: RunSummary
    /// The other runs, by seed.
    private(set) var others: [RunSummary]

    private struct Key: Hashable {
        let verdict: Verdict
        let broken: [String]
        let cause: String?
    }

    /// The groups of all runs that need a story: failures first, in the order of their seeds.
    static func all(_ runs: [RunSummary]) -> [FailureGroup] {
        var groups: [FailureGroup] = []
        var places: [Key: Int] = [:]
        for run in runs where run.verdict != .passed && run.verdict != .passedAssumed {
            let key = key(run)
            if let place = places[key] {
                groups[place].others.append(run)
            } else {
                places[key] = groups.count
                groups.append(FailureGroup(example: run, others: []))
            }
        }
        return groups.filter(\.example.verdict.isFailure)
            + groups.filter { !$0.example.verdict.isFailure }
    }

    /// What makes two failures the same: the verdict, what broke, and the last fault before it.
    private static func key(_ run: RunSummary) -> Key {
        let isFailure = run.verdict.isFailure
        return Key(
            verdict: run.verdict, broken: isFailure ? run.broken.map(\.id) : [],
            cause: isFailure ? cause(of: run) : nil)
    }

    /// The fault that fired last before the first witness, or before the end.
    static func cause(of run: RunSummary) -> String? {
        let witness = run.broken.compactMap { $0.witnesses.last }.min()
        let before = run.fired.filter { fault in witness.map { fault.exchange <= $0 } ?? true }
        return before.last?.planned.fault
    }
}
