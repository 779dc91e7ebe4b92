internal import Cassette
internal import Faults

/// Where faults strike, and of which kind they are.
extension Shrinker {
    /// How many milder kinds are tried for each fault.
    private static var kindsMax: Int { 4 }

    /// Each fault at an earlier attempt; then what strikes at one call at an earlier one of the
    /// same upstream and route, all of it or one by one.
    mutating func moveEarlier() throws {
        guard options.stages.contains(.place) else { return }
        for place in current.faults.indices {
            let fault = current.faults[place]
            let attempts = 1..<(fault.anchor.attempt ?? 2)
            let sooner = attempts.map { fault.at(attempt: $0) }
            if let found = try firstFailing(at: place, sooner) {
                accept(
                    current.replacing(place, by: found), .place,
                    "\(fault.placeText): attempt \(found.anchor.attempt ?? 1) is enough")
            }
        }
        for place in current.faults.indices {
            let own = current.faults[place].anchor
            let companions = current.faults.indices.filter {
                current.faults[$0].anchor.isSameCall(as: own)
            }
            if companions.first == place { try move(companions) }
            if companions.count > 1 { try move([place]) }
        }
    }

    private mutating func move(_ places: [Int]) throws {
        let start = current
        guard let first = places.first else { return }
        let plans = earlierCalls(start.faults[first].anchor).map { anchor in
            var plan = start
            for place in places {
                plan.faults[place] = start.faults[place].moved(to: anchor)
            }
            return plan
        }.filter { Set($0.faults).count == Set(start.faults).count }
        for (index, plan) in plans.enumerated()
        where try oracle.fails(plan, beside: { Array(plans[(index + 1)...]) }) {
            let name = start.faults[first].placeText
            let more = places.count > 1 ? ", and what strikes there with it" : ""
            let call = plan.faults[first].anchor.call
            return accept(plan, .place, "\(name)\(more): call \(call) will do")
        }
    }

    /// Each fault as a milder kind of the same layer.
    mutating func simplifyKinds() throws {
        guard options.stages.contains(.kind) else { return }
        for place in current.faults.indices {
            let fault = current.faults[place]
            if let found = try firstFailing(at: place, Self.milder(fault)) {
                accept(
                    current.replacing(place, by: found), .kind,
                    "\(fault.placeText): \(found.fault) will do")
            }
        }
    }

    /// The first of these faults with which the plan still fails; those that it holds already are
    /// left out.
    private mutating func firstFailing(
        at place: Int, _ candidates: [PlannedFault]
    ) throws -> PlannedFault? {
        let start = current
        let others = candidates.filter { !start.faults.contains($0) }
        for (next, candidate) in others.enumerated() {
            let fails = try oracle.fails(start.replacing(place, by: candidate)) {
                others[(next + 1)...].map { start.replacing(place, by: $0) }
            }
            if fails { return candidate }
        }
        return nil
    }

    private func earlierCalls(_ anchor: Anchor) -> [Anchor] {
        guard let tape, let ordinal = tape.ordinal(of: anchor) else { return [] }
        let own = tape.entry(ordinal)
        let route = Self.route(of: own)
        let rows = tape.entries.lazy.filter { row in
            row.ordinal < ordinal && row.upstream == own.upstream && Self.route(of: row) == route
        }
        return rows.prefix(options.earlierCallsMax).map { row in
            Anchor(
                fingerprint: row.fingerprint, take: row.take, attempt: nil,
                upstream: row.upstream, call: row.call)
        }
    }

    /// The method and the path with `*` for each segment that holds a digit, as identifiers do.
    private static func route(of row: TapeEntry) -> String {
        row.method + " "
            + row.path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.utf8.contains { (0x30...0x39).contains($0) } ? "*" : String($0) }
            .joined(separator: "/")
    }

    /// The fault as kinds of less weight whose parameters have usual values; the mildest first.
    ///
    /// Only what takes the answer away is replaced: there is little to tell one error from another.
    /// An edited answer would be another story.
    private static func milder(_ fault: PlannedFault) -> [PlannedFault] {
        guard let kind = FaultCatalogue.named(fault.fault), kind.replaces else { return [] }
        let kinds = FaultCatalogue.all.filter { other in
            other.layer == kind.layer && other.weight < kind.weight && other.replaces
                && (other.target == kind.target || other.target == .any)
        }
        var found: [(rank: (Int, Int, Int), fault: PlannedFault)] = []
        for (place, kind) in kinds.enumerated() {
            let members = kind.parameters.compactMap(\.usualMember)
            guard members.count == kind.parameters.count else { continue }
            // The plain error of a server is what everybody has met.
            let rank = (kind.weight, kind.id == "server-error" ? 0 : 1, place)
            let milder = PlannedFault(
                fault: kind.id, anchor: fault.anchor, parameters: FaultParameters(members))
            found.append((rank, milder))
        }
        return found.sorted { $0.rank < $1.rank }.prefix(kindsMax).map(\.fault)
    }
}

extension PlannedFault {
    /// The fault at another attempt.
    func at(attempt: Int) -> PlannedFault {
        var fault = self
        fault.anchor.attempt = attempt
        return fault
    }

    /// The fault at another call, at the same attempt.
    fileprivate func moved(to anchor: Anchor) -> PlannedFault {
        var fault = self
        fault.anchor = anchor
        fault.anchor.attempt = self.anchor.attempt
        return fault
    }
}

extension Anchor {
    fileprivate func isSameCall(as other: Anchor) -> Bool {
        fingerprint == other.fingerprint && take == other.take && upstream == other.upstream
    }
}
