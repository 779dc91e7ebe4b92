internal import Determinism
internal import Faults

/// When the failure became inevitable.
extension Explainer {
    /// Up to so many faults, every point of the run is asked about; beyond, bisection looks for
    /// the one that counts.
    private static var pointsMax: Int { 12 }

    /// Keeps the first faults that struck, draws the rest anew, and counts how often that fails.
    mutating func explainHistory() throws {
        let seen = try oracle.ask(history)
        guard oracle.isFailure(seen) else { return }
        let order = seen.faultOrder(of: history)
        guard !order.isEmpty else { return }
        let history = history
        explanation?.history = history
        explanation?.order = order
        var points: [Inevitability] = [
            Inevitability(kept: order.count, failing: 1, endings: 1)
        ]
        if order.count <= Self.pointsMax {
            for kept in 0..<order.count { points.append(try point(kept, order)) }
        } else {
            var (open, certain) = (0, order.count)
            points.append(try point(0, order))
            if points.last.map({ $0.failing == $0.endings }) == true { certain = 0 }
            while certain - open > 1 {
                let middle = open + (certain - open) / 2
                let found = try point(middle, order)
                points.append(found)
                if found.failing == found.endings { certain = middle } else { open = middle }
            }
        }
        explanation?.inevitability = points.sorted { $0.kept < $1.kept }
    }

    private mutating func point(_ kept: Int, _ order: [Int]) throws -> Inevitability {
        let plans = endings(kept, order)
        var failing = 0
        for (index, plan) in plans.enumerated()
        where try oracle.fails(plan, beside: { Array(plans[(index + 1)...]) }) {
            failing += 1
        }
        return Inevitability(kept: kept, failing: failing, endings: plans.count)
    }

    /// The plan cut off after so many faults, and with drawn ones in place of the rest: each is
    /// left out in one of two, or has other parameters.
    private func endings(_ kept: Int, _ order: [Int]) -> [Plan] {
        let first = Set(order[..<kept])
        let rest = Set(order[kept...])
        var plans = [history.keeping(history.faults.indices.filter { first.contains($0) })]
        for round in 1...options.endings {
            var plan = history
            plan.faults = []
            for (place, fault) in history.faults.enumerated() {
                if first.contains(place) {
                    plan.faults.append(fault)
                } else if rest.contains(place), let other = redrawn(fault, round: round) {
                    plan.faults.append(other)
                }
            }
            // One that comes twice counts twice, and is run once.
            plans.append(plan)
        }
        return plans
    }

    /// The same in every point of the run, so that points differ only in what they keep.
    private func redrawn(_ fault: PlannedFault, round: Int) -> PlannedFault? {
        let random = ParameterProbe.keyed(fault, "", options.seed, round: round)
        guard random.below(2, .fires) == 0 else { return nil }
        var other = fault
        other.parameters.members = fault.parameters.members.map { member in
            guard let spec = FaultCatalogue.named(fault.fault)?.parameter(member.key) else {
                return member
            }
            let random = ParameterProbe.keyed(fault, spec.name, options.seed, round: round)
            switch spec.domain {
            case .integer(let range):
                guard let own = member.value.intValue, range.contains(own) else { return member }
                let lane = UInt16(truncatingIfNeeded: round % 2)
                return JSONMember(
                    spec.name, .int(ParameterProbe.draw(own, range, random, lane: lane)))
            case .choice(let words):
                guard !words.isEmpty else { return member }
                let word = words[Int(random.below(UInt64(words.count), .parameter))]
                return JSONMember(spec.name, .string(word))
            case .text: return member
            }
        }
        return other
    }
}
