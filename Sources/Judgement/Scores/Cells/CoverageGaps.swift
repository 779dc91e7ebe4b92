internal import Faults

/// An invariant of a scenario.
public struct InvariantPlace: Hashable, Sendable {
    /// The scenario.
    public let scenario: String
    /// The invariant, by its identifier.
    public let invariant: String

    /// The invariant of a scenario.
    public init(scenario: String, invariant: String) {
        self.scenario = scenario
        self.invariant = invariant
    }
}

/// What a score says nothing of.
public struct CoverageGaps: Hashable, Sendable {
    /// Kinds of faults that the scenarios name and that never fired.
    public let faults: [String]
    /// Families of which the scenarios name kinds, none of which fired.
    public let families: [String]
    /// Invariants that were never judged.
    public let invariants: [InvariantPlace]
    /// Upstreams no answer of which was ever disturbed.
    public let upstreams: [String]

    /// Finds the gaps; each list keeps the order in which things were given.
    ///
    /// - Parameters:
    ///   - named: the kinds of faults that the scenarios name
    ///   - fired: the kinds that fired in any run
    ///   - upstreams: the upstreams of the cassette
    ///   - struck: those on which a fault fired in any run
    public init(
        cells: [Cell], named: [String], fired: [String], upstreams: [String], struck: [String]
    ) {
        faults = CoverageGaps.without(fired, named)
        let family = { (kind: String) -> String? in
            FaultCatalogue.named(kind).flatMap(FaultCatalogue.family)?.name
        }
        let kinds = CoverageGaps.without([], fired)
        families = CoverageGaps.without(kinds.compactMap(family), named.compactMap(family))
        let place = { (cell: Cell) in
            InvariantPlace(scenario: cell.run.scenario, invariant: cell.invariant)
        }
        invariants = CoverageGaps.without(
            cells.filter(\.outcome.isJudged).map(place), cells.map(place))
        self.upstreams = CoverageGaps.without(struck, upstreams)
    }

    /// Whether everything was covered.
    public var isEmpty: Bool {
        faults.isEmpty && families.isEmpty && invariants.isEmpty && upstreams.isEmpty
    }

    /// What is wanted and was not seen, each once.
    private static func without<Thing: Hashable>(_ seen: [Thing], _ wanted: [Thing]) -> [Thing] {
        var known = Set(seen)
        return wanted.filter { known.insert($0).inserted }
    }
}
