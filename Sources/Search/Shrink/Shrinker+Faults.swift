internal import Faults

/// Which faults are needed.
extension Shrinker {
    mutating func reduceFaults() throws {
        let start = current
        guard !start.faults.isEmpty else { return }
        let singles = options.stages.contains(.singles) && start.faults.count <= options.singlesMax
        if options.stages.contains(.calm) {
            let calm = start.keeping([])
            let fails = try oracle.fails(calm) {
                singles
                    ? start.singles
                    : [start.keeping(Array(0..<start.faults.count / 2))]
            }
            if fails { return accept(calm, .calm, "it fails without any fault") }
        }
        if singles {
            let alone = start.singles
            for (place, single) in alone.enumerated()
            where try oracle.fails(single, beside: { Array(alone[(place + 1)...]) }) {
                return accept(
                    single, .singles, "\(start.faults[place].placeText) is enough")
            }
        }
        if options.stages.contains(.prefixes) { try bisectPrefixes() }
    }

    /// The last fault of the smallest failing prefix is needed; the same is asked again of what
    /// came before it, beside the faults that are known to be needed.
    private mutating func bisectPrefixes() throws {
        let start = current
        var kept: [Int] = []
        var rest = start.faults.count
        func plan(_ prefix: Int64) -> Plan { start.keeping(Array(0..<Int(prefix)) + kept) }
        while rest > 0 {
            if try oracle.fails(plan(0)) { break }
            let needed = Int(try oracle.edge(passing: 0, failing: Int64(rest), plan))
            rest = needed - 1
            kept.insert(rest, at: 0)
            let left = plan(Int64(rest))
            let name = start.faults[rest].placeText
            let open = rest == 1 ? "1 fault before it may be" : "\(rest) faults before it may be"
            accept(left, .prefixes, "\(name) is needed" + (rest > 0 ? "; \(open)" : ""))
        }
        if current.faults.count > kept.count {
            accept(plan(0), .prefixes, "\(kept.count) of \(start.faults.count) faults are enough")
        }
    }

    /// Leaves out one fault at a time until none can be.
    ///
    /// Bisection assumes that more faults never mend what fewer broke; this does not.
    mutating func sweep() throws {
        guard options.stages.contains(.sweep) else { return }
        var place = current.faults.count - 1
        var kept = 0
        while kept < current.faults.count, !current.faults.isEmpty {
            if place < 0 { place = current.faults.count - 1 }
            let start = current
            let smaller = start.without(place)
            let fails = try oracle.fails(smaller) {
                (0..<place).reversed().map { start.without($0) }
            }
            if fails {
                let name = current.faults[place].placeText
                accept(smaller, .sweep, "\(name) is not needed")
                kept = 0
            } else {
                kept += 1
            }
            place -= 1
        }
    }
}

extension Plan {
    /// The plan with the faults at these places only.
    func keeping(_ places: [Int]) -> Plan {
        var plan = self
        plan.faults = places.map { faults[$0] }
        return plan
    }

    /// The plan without the fault at this place.
    func without(_ place: Int) -> Plan {
        var plan = self
        plan.faults.remove(at: place)
        return plan
    }

    /// The plan with another fault at this place.
    func replacing(_ place: Int, by fault: PlannedFault) -> Plan {
        var plan = self
        plan.faults[place] = fault
        return plan
    }

    fileprivate var singles: [Plan] { faults.indices.map { keeping([$0]) } }
}
