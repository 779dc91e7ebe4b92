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

    /// Whether a request waits for which the plan may have a fault.
    var mayBeDisturbedNext: Bool {
        pending.contains { waiting in
            let fingerprint = waiting.reading.identity.fingerprint
            return plan.faults.contains { $0.anchor.fingerprint == fingerprint }
        }
    }
}

extension Plan {
    /// Whether nothing but the faults differs.
    fileprivate func equalsButForFaults(_ other: Plan) -> Bool {
        var same = other
        same.faults = faults
        return same == self
    }
}
