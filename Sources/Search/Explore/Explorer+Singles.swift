internal import Determinism
internal import Faults
internal import Judgement

/// The rungs of no fault, one fault, and further faults at calls that appeared after one.
extension Explorer {
    mutating func replaySaved() throws {
        let probes = options.saved.enumerated().map { number, plan in
            Probe(row: ExplorationRow(phase: .saved, number: number), plan: plan)
        }
        try run(.saved, probes, isShared: true)
    }

    mutating func runCalm() throws {
        let probe = Probe(row: ExplorationRow(phase: .calm, number: 0))
        try run(.calm, [probe], isShared: true) { explorer, _, observation in
            explorer.calm = observation
        }
    }

    mutating func runSingles() throws {
        let probes = space.sites.indices.map { site in
            Probe(row: ExplorationRow(phase: .singles, number: site, sites: [site]))
        }
        try run(.singles, probes, isShared: true) { explorer, probe, observation in
            explorer.singles[probe.row.number] = observation
        }
        findTwins()
    }

    /// Pairs each site with the earliest one at the same place that has the same effect.
    private mutating func findTwins() {
        let judgesKinds = Twin.judgesKinds(space.base)
        var first: [Twin: Int] = [:]
        for site in space.sites.indices {
            guard let seen = singles[site], seen.fired.count == 1 else { continue }
            let place = space.sites[site]
            let twin = Twin(
                anchor: place.anchor, effect: seen.effect, verdict: seen.verdict,
                kind: judgesKinds ? place.fault.fault : "")
            if let earlier = first[twin] {
                twins[site] = earlier
            } else {
                first[twin] = site
            }
        }
    }

    // MARK: Follow-ups

    /// A row of faults that struck one after another, and what was seen of it.
    private struct Chain {
        var sites: [Int]
        var seen: Observation
    }

    /// Every fault at every place that appeared only after a fault, then, where it is asked for,
    /// another one at each place that appeared after those.
    mutating func runFollowUps() throws {
        guard let calm else { return }
        let known = Set(calm.anchors)
        var chains: [Chain] = space.sites.indices.compactMap { site in
            guard twins[site] == nil, let seen = singles[site], seen.fired.count == 1 else {
                return nil
            }
            return Chain(sites: [site], seen: seen)
        }
        var number = 0
        for count in 2...max(2, options.followUpFaults) {
            var probes: [Probe] = []
            for chain in chains {
                for site in try extensions(of: chain, known: known) {
                    let row = ExplorationRow(
                        phase: .followUps, number: number, sites: chain.sites + [site])
                    number += 1
                    probes.append(Probe(row: row))
                }
            }
            guard !probes.isEmpty else { return }
            var next: [Chain] = []
            let isLast = count >= options.followUpFaults
            try run(.followUps, probes, isShared: !isLast) { _, probe, observation in
                guard !isLast, observation.fired.count == count else { return }
                next.append(Chain(sites: probe.row.sites, seen: observation))
            }
            chains = next
        }
    }

    /// The faults at the places that the run reaches after the last fault of the chain, and the
    /// calm run never.
    private mutating func extensions(
        of chain: Chain, known: Set<ReachedAnchor>
    ) throws -> [Int] {
        guard let last = chain.sites.last,
            let struck = chain.seen.anchors.firstIndex(of: result.sites[last].anchor)
        else { return [] }
        var found: [Int] = []
        for anchor in chain.seen.anchors[(struck + 1)...] where !known.contains(anchor) {
            found += try sites(at: anchor)
        }
        return found
    }
}

/// What two faults have in common that no agent, and no rule of the scenario, can tell apart.
private struct Twin: Hashable {
    var anchor: ReachedAnchor
    var effect: Digest
    var verdict: Verdict
    /// The fault's identifier where the rules may ask for it; else empty.
    var kind: String

    /// Whether a rule may judge two faults with the same bytes differently: it names a fault or a
    /// family, or looks for what was injected.
    static func judgesKinds(_ plan: Plan) -> Bool {
        plan.invariants.contains { rule in
            let text = rule.canonicalText()
            return ["fault", "family", "canary", "inject"].contains { text.contains($0) }
        }
    }
}
