internal import Faults
internal import Judgement

/// How often a kind of fault fired in a storm, and how many runs broke in which it did.
struct FaultTally: Hashable {
    let fault: String
    /// How many deliveries it changed.
    var fired = 0
    /// In how many runs.
    var runs = 0
    /// How many of them were violated, hung or crashed.
    var broken = 0

    /// The most harmful first; then by name.
    static func all(_ runs: [RunSummary]) -> [FaultTally] {
        var tallies: [FaultTally] = []
        for run in runs {
            var seen: [String] = []
            for fault in run.fired.map(\.planned.fault) {
                let known = tallies.firstIndex { $0.fault == fault }
                let place = known ?? tallies.endIndex
                if known == nil { tallies.append(FaultTally(fault: fault)) }
                tallies[place].fired += 1
                guard !seen.contains(fault) else { continue }
                seen.append(fault)
                tallies[place].runs += 1
                if run.verdict.isFailure { tallies[place].broken += 1 }
            }
        }
        return tallies.sorted { left, right in
            left.broken == right.broken ? left.fault < right.fault : left.broken > right.broken
        }
    }
}
