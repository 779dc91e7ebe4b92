internal import Determinism

/// Which distinct failure each run of a storm belongs to, by positions.
struct GroupPlaces {
    /// The run that tells of each group, in the order of the groups.
    private(set) var examples: [Int] = []
    /// How many runs each group has.
    private(set) var counts: [Int] = []
    /// The group of each run; nil for one that passed.
    private(set) var groups: [Int?]

    private struct Key: Hashable {
        let seed: Seed?
        let digest: Digest
        let plan: String
    }

    init(_ runs: [RunSummary]) {
        groups = Array(repeating: nil, count: runs.count)
        var places: [Key: [Int]] = [:]
        for (index, run) in runs.enumerated() {
            places[GroupPlaces.key(run), default: []] += [index]
        }
        for (number, group) in FailureGroup.all(runs).enumerated() {
            counts.append(group.others.count + 1)
            examples.append(places[GroupPlaces.key(group.example)]?.first ?? 0)
            for run in [group.example] + group.others {
                for place in places[GroupPlaces.key(run)] ?? [] { groups[place] = number }
            }
        }
    }

    private static func key(_ run: RunSummary) -> Key {
        Key(seed: run.seed, digest: run.digest, plan: run.plan)
    }
}
