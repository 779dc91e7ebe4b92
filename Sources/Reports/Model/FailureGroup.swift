internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// Runs of a storm that failed in the same way: one story tells them all.
struct FailureGroup {
    /// The run with the fewest faults, and of those the one with the lowest seed.
    private(set) var example: RunSummary
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
                groups[place].add(run)
            } else {
                places[key] = groups.count
                groups.append(FailureGroup(example: run, others: []))
            }
        }
        return groups.filter(\.example.verdict.isFailure)
            + groups.filter { !$0.example.verdict.isFailure }
    }

    private mutating func add(_ run: RunSummary) {
        guard run.fired.count < example.fired.count else {
            others.append(run)
            return
        }
        others.append(example)
        others.sort { ($0.seed?.rawValue ?? 0) < ($1.seed?.rawValue ?? 0) }
        example = run
    }

    /// What makes two failures the same: the verdict, what broke, and the gravest fault before it.
    private static func key(_ run: RunSummary) -> Key {
        let isFailure = run.verdict.isFailure
        return Key(
            verdict: run.verdict, broken: isFailure ? run.broken.map(\.id) : [],
            cause: isFailure ? cause(of: run) : nil)
    }

    /// The gravest fault that fired before the first witness, or before the end; of equals the
    /// last.
    static func cause(of run: RunSummary) -> String? {
        let witness = run.broken.compactMap { $0.witnesses.last }.min()
        let before = run.fired.filter { fault in witness.map { fault.exchange <= $0 } ?? true }
        return before.map(\.planned.fault).enumerated().max { left, right in
            (weight(left.element), left.offset) < (weight(right.element), right.offset)
        }?.element
    }

    private static func weight(_ fault: String) -> Int {
        FaultCatalogue.named(fault)?.weight ?? 0
    }
}
