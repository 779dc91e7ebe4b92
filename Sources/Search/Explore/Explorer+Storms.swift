internal import Cassette
internal import Determinism
internal import Faults

/// The rungs that aim at deadlines, change the order of requests, draw many faults by seed, and
/// demand an end after bursts.
extension Explorer {
    /// Delays one millisecond below, at and above each deadline that was seen.
    ///
    /// A deadline that the agent sets only after a fault is aimed at behind that fault.
    mutating func runBoundaries() throws {
        var aims = (calm?.deadlines ?? []).map { BoundaryAim(deadline: $0) }
        var known = Set(calm?.deadlines ?? [])
        for site in space.sites.indices {
            guard let seen = singles[site], seen.fired.count == 1 else { continue }
            for deadline in seen.deadlines where known.insert(deadline).inserted {
                aims.append(BoundaryAim(deadline: deadline, behind: space.sites[site].fault))
            }
        }
        let answers = EarlierAnswers(space.tape)
        var plans: [Plan] = []
        var made: Set<[PlannedFault]> = []
        for aim in aims {
            for faults in try aim.faults(tape: space.tape, answers: answers)
            where made.insert(faults).inserted {
                var plan = space.base
                plan.faults = faults
                plans.append(plan)
            }
        }
        try run(.boundaries, probes(.boundaries, plans))
    }

    /// The calm run with other orders of requests that wait together, where any do.
    ///
    /// Beyond depth 1 each order changes at drawn choices, each of those of the calm run equally
    /// likely. With n requests that ever wait together, and k such choices, an order that shows a
    /// bug of that depth has a chance of at least 1/(n * k^(depth - 1)).
    mutating func runOrders() throws {
        guard let calm, calm.waitedTogether > 1 else { return }
        let choices = UInt64(min(max(1, calm.orderChoices), Plan.orderChoicesMax))
        let plans = (1...max(1, options.orders)).map { number in
            var plan = space.base
            plan.order = Seed(UInt64(number))
            plan.orderChanges = (1..<options.orderDepth).map { change in
                let draws = KeyedRandom(
                    seed: plan.order, callID: UInt64(change), take: 0, attempt: 0)
                return 1 + Int(draws.below(choices, .swarm))
            }
            return plan
        }
        try run(.orders, probes(.orders, plans))
    }

    /// For each seed the scenario, with every entry left out in one run of two.
    mutating func runSwarm() throws {
        let plans = try options.seeds.map { seed in
            var scenario = space.scenario
            scenario.faults = scenario.faults.enumerated().filter { index, _ in
                KeyedRandom(seed: seed, callID: UInt64(index), take: 0, attempt: 0)
                    .below(2, .swarm) == 0
            }.map(\.element)
            // A run without any kind would only be the calm one again.
            if scenario.faults.isEmpty { scenario = space.scenario }
            return try Expansion.expand(
                scenario, seed: seed, tape: space.tape, prompt: space.base.prompt
            ).plan
        }
        try run(.swarm, probes(.swarm, plans))
    }

    /// One kind of fault at every call, for one to three attempts, after which all is well.
    mutating func runLiveness() throws {
        var plans: [Plan] = []
        let attempts = [space.sites, try space.later(2), try space.later(3)]
        for entry in space.scenario.faults.indices {
            var plan = space.base
            for all in attempts {
                let struck = all.filter { $0.entry == entry && $0.draw == 0 }
                plan.faults += struck.map(\.fault)
                if !struck.isEmpty { plans.append(plan) }
            }
        }
        try run(.liveness, probes(.liveness, plans))
    }

    private func probes(_ phase: ExplorationPhase, _ plans: [Plan]) -> [Probe] {
        plans.enumerated().map { number, plan in
            Probe(row: ExplorationRow(phase: phase, number: number), plan: plan)
        }
    }
}
