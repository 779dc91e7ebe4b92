internal import Cassette
internal import Faults

/// What runs of two plans have in common: all that happens before a fault that only one of them has
/// is due.
extension World {
    /// Whether all that happened until now would have happened with another plan too.
    ///
    /// A plan is asked for its faults when a recorded answer is given. Faults on the way to a
    /// connection are looked for at other times too, and plans with such have nothing in common.
    func isShared(with other: Plan, _ otherAgenda: PlanAgenda) -> Bool {
        guard !agenda.hasOpenings, !otherAgenda.hasOpenings, plan.equalsButForFaults(other)
        else { return false }
        return trace.exchanges.allSatisfy { exchange in
            guard let ordinal = exchange.ordinal else { return true }
            let mine = agenda.faults(ordinal: ordinal, attempt: exchange.attempt)
            let theirs = otherAgenda.faults(ordinal: ordinal, attempt: exchange.attempt)
            return mine.count == theirs.count
                && zip(mine, theirs).allSatisfy { plan.faults[$0] == other.faults[$1] }
        }
    }

    /// Goes on with a plan with which all that happened is shared.
    mutating func goOn(with other: Plan, _ otherAgenda: PlanAgenda) {
        var met: Set<Int> = []
        for exchange in trace.exchanges {
            guard let ordinal = exchange.ordinal else { continue }
            let mine = agenda.faults(ordinal: ordinal, attempt: exchange.attempt)
            let theirs = otherAgenda.faults(ordinal: ordinal, attempt: exchange.attempt)
            for (place, index) in mine.enumerated() where self.met.contains(index) {
                met.insert(theirs[place])
            }
        }
        self.met = met
        plan = other
        agenda = otherAgenda
    }

    /// Whether this state is worth to be kept: a request waits for which the plan may have a fault
    /// that did not strike yet, or that strikes at every attempt.
    ///
    /// A state holds the run so far, so that those of a long run cost much and save little.
    var isWorthKeeping: Bool {
        guard !pending.isEmpty, trace.exchanges.count <= World.sharedExchangesMax,
            trace.eventCount <= World.sharedEventsMax
        else { return false }
        return mayBeDisturbed(by: plan) { anchor, index in
            anchor.attempt == nil || !met.contains(index)
        }
    }

    /// Whether a request waits for which a plan has a fault, of those that are accepted.
    func mayBeDisturbed(
        by plan: Plan, where isAccepted: (Anchor, Int) -> Bool = { _, _ in true }
    ) -> Bool {
        pending.contains { waiting in
            let fingerprint = waiting.reading.identity.fingerprint
            return plan.faults.indices.contains { index in
                let anchor = plan.faults[index].anchor
                return anchor.fingerprint == fingerprint && isAccepted(anchor, index)
            }
        }
    }

    /// States behind so many exchanges are not kept.
    private static let sharedExchangesMax = 200
    /// States behind so many events are not kept.
    private static let sharedEventsMax = 50_000
}

extension Plan {
    /// Whether nothing but the faults differs.
    fileprivate func equalsButForFaults(_ other: Plan) -> Bool {
        var same = other
        same.faults = faults
        return same == self
    }
}
