internal import Faults
internal import Judgement

/// The rungs of two and three faults at different calls.
///
/// A combination is run only when it can happen. Its faults strike one after another, and up to
/// the last one the run is that of the others alone: so it happens only if, for one of its faults,
/// the run of the others reaches that fault's place after all of them have struck. What was seen of
/// smaller combinations decides that, without a run.
extension Explorer {
    /// Throws when a rung that is asked for has more combinations than can be held.
    func checkCombinations() throws(ExplorationError) {
        var sizes: [ReachedAnchor: Int] = [:]
        for site in space.sites { sizes[site.anchor, default: 0] += 1 }
        // How many combinations of one, two and three sites at different places there are.
        var (ones, pairs, triples) = (0, 0, 0)
        for size in sizes.values.sorted() {
            triples = Explorer.sum(triples, pairs, times: size)
            pairs = Explorer.sum(pairs, ones, times: size)
            ones += size
        }
        for (phase, count) in [(ExplorationPhase.pairs, pairs), (.triples, triples)]
        where options.phases.contains(phase) && count > options.combinationsMax {
            throw ExplorationError(
                .tooManyCombinations,
                "\(Wording.count(ones, "single fault")) make \(Wording.number(count)) "
                    + "\(phase.rawValue), and \(Wording.number(options.combinationsMax)) can be "
                    + "explored; name fewer kinds of fault or fewer calls, or draw less often")
        }
    }

    /// No sum is greater than the greatest number.
    private static func sum(_ one: Int, _ other: Int, times factor: Int) -> Int {
        let (product, isTooGreat) = other.multipliedReportingOverflow(by: factor)
        let (sum, overflows) = one.addingReportingOverflow(product)
        return isTooGreat || overflows ? .max : sum
    }

    mutating func runPairs() throws {
        var probes: [Probe] = []
        var decided: [ExplorationRow] = []
        var number = 0
        let sites = space.sites
        for first in sites.indices {
            for second in sites.indices.dropFirst(first + 1)
            where sites[first].anchor != sites[second].anchor {
                var row = ExplorationRow(phase: .pairs, number: number, sites: [first, second])
                number += 1
                let isReachable =
                    isReachable(first, then: second) || isReachable(second, then: first)
                if let standing = standingWithoutRun([first, second], isReachable: isReachable) {
                    row.standing = standing
                    decided.append(row)
                } else {
                    probes.append(Probe(row: row))
                }
            }
        }
        let keeps = options.phases.contains(.triples)
        try run(.pairs, probes, decided: decided, isShared: keeps) { explorer, probe, seen in
            guard keeps, seen.fired.count == 2 else { return }
            explorer.pairReach[PairKey(probe.row.sites[0], probe.row.sites[1])] =
                explorer.reach(seen, after: probe.row.sites)
        }
    }

    mutating func runTriples() throws {
        var probes: [Probe] = []
        var decided: [ExplorationRow] = []
        var number = 0
        let sites = space.sites
        for first in sites.indices {
            for second in sites.indices.dropFirst(first + 1)
            where sites[first].anchor != sites[second].anchor {
                for third in sites.indices.dropFirst(second + 1)
                where sites[third].anchor != sites[second].anchor
                    && sites[third].anchor != sites[first].anchor
                {
                    let all = [first, second, third]
                    var row = ExplorationRow(phase: .triples, number: number, sites: all)
                    number += 1
                    let isReachable = isReachable(all)
                    if let standing = standingWithoutRun(all, isReachable: isReachable) {
                        row.standing = standing
                        decided.append(row)
                    } else {
                        probes.append(Probe(row: row))
                    }
                }
            }
        }
        try run(.triples, probes, decided: decided)
    }

    /// What smaller combinations say of one; nil when it has to be run.
    ///
    /// It equals another one only where that one was run.
    private func standingWithoutRun(_ sites: [Int], isReachable: Bool) -> Standing? {
        for site in sites {
            for met in singles[site]?.faults ?? [] {
                if case .inapplicable = met.fate { return .inapplicable }
            }
        }
        guard isReachable else { return .unreachable }
        return sites.contains { twins[$0] != nil } ? .equivalent : nil
    }

    /// Whether the run with one fault reaches the place of the other after it struck.
    private func isReachable(_ first: Int, then second: Int) -> Bool {
        guard let seen = singles[first], seen.fired.count == 1,
            let struck = seen.anchors.firstIndex(of: space.sites[first].anchor),
            let reached = seen.anchors.firstIndex(of: space.sites[second].anchor)
        else { return false }
        return reached > struck
    }

    /// Whether the run with two of the faults reaches the place of the third after both struck.
    private func isReachable(_ sites: [Int]) -> Bool {
        // Pairs were run with the first of those that no agent can tell apart.
        let first = sites.map { twins[$0] ?? $0 }
        for last in first.indices {
            var others = first
            let site = others.remove(at: last)
            if pairReach[PairKey(others[0], others[1])]?[site] == true { return true }
        }
        return false
    }

    /// For each site of the recorded path, whether the run reaches it after all of these struck.
    private func reach(_ seen: Observation, after sites: [Int]) -> [Bool] {
        var places: [ReachedAnchor: Int] = [:]
        for (place, anchor) in seen.anchors.enumerated() { places[anchor] = place }
        let struck = sites.compactMap { places[space.sites[$0].anchor] }.max() ?? -1
        return space.sites.map { site in places[site.anchor].map { $0 > struck } ?? false }
    }
}

/// Two sites, whichever is named first.
struct PairKey: Hashable {
    let first: Int
    let second: Int

    init(_ one: Int, _ other: Int) {
        first = min(one, other)
        second = max(one, other)
    }
}
