public import Cassette
public import Determinism
public import Faults

/// All single faults that a scenario's entries can put on a tape: each entry at each recorded
/// answer that it selects, with one or more draws of its parameters.
///
/// The chance of an entry and how often it repeats are left aside: every place counts, once.
public struct FaultSpace: Sendable {
    /// Which faults, and how their parameters are drawn.
    public struct Options: Hashable, Sendable {
        /// The seed of parameters that are drawn.
        public var seed: Seed
        /// How many draws of its parameters each fault has at each place; equal ones count once.
        public var draws: Int

        /// Creates options.
        public init(seed: Seed = Seed(0), draws: Int = 1) {
            self.seed = seed
            self.draws = max(1, draws)
        }
    }

    /// The scenario.
    public let scenario: Scenario
    /// The tape.
    public let tape: Tape
    /// How parameters are drawn.
    public let options: Options
    /// The plan without a fault.
    public let base: Plan
    /// The faults at the attempts at which their entries begin, by call, then by entry.
    public let sites: [FaultSite]
    /// What was selected and can never apply, with the reason.
    public let inapplicable: [InapplicableFault]

    private let catalogue: [FaultKind]

    /// Expands every entry; throws `ExpansionError`, or what the store throws.
    public init(
        _ scenario: Scenario, tape: Tape, options: Options = Options(), prompt: String? = nil,
        catalogue: [FaultKind] = FaultCatalogue.all
    ) throws {
        self.scenario = scenario
        self.tape = tape
        self.options = options
        self.catalogue = catalogue
        var quiet = scenario
        quiet.faults = []
        base = try Expansion.expand(
            quiet, seed: Seed(0), tape: tape, prompt: prompt, catalogue: catalogue
        ).plan
        // The whole is checked at once, so that an error names the entry by its place.
        _ = try Expansion.expand(
            scenario, seed: options.seed, tape: tape, prompt: prompt, catalogue: catalogue)
        let drawn = try FaultSpace.draw(
            scenario, tape: tape, options: options, catalogue: catalogue, attempt: nil)
        sites = drawn.sites
        inapplicable = drawn.inapplicable
    }

    /// The faults of a later attempt, which the agent makes only after a fault: those of the
    /// entries that may strike there.
    public func later(_ attempt: Int) throws -> [FaultSite] {
        try FaultSpace.draw(
            scenario, tape: tape, options: options, catalogue: catalogue, attempt: attempt
        ).sites
    }

    /// The plan with these faults.
    public func plan(_ sites: [FaultSite]) -> Plan {
        var plan = base
        plan.faults = sites.map(\.fault)
        return plan
    }

    private struct Drawn {
        var sites: [FaultSite] = []
        var inapplicable: [InapplicableFault] = []
    }

    /// With an attempt, only entries that may strike there and begin earlier.
    private static func draw(
        _ scenario: Scenario, tape: Tape, options: Options, catalogue: [FaultKind], attempt: Int?
    ) throws -> Drawn {
        var drawn = Drawn()
        var seen: Set<PlannedFault> = []
        for (entryIndex, entry) in scenario.faults.enumerated() {
            if let attempt, entry.selector.attempt >= attempt { continue }
            var alone = scenario
            alone.faults = [FaultSpace.certain(entry, attempt: attempt)]
            for draw in 0..<options.draws {
                let seed = Seed(options.seed.rawValue &+ UInt64(draw))
                let result = try Expansion.expand(
                    alone, seed: seed, tape: tape, catalogue: catalogue)
                for fault in result.plan.faults where seen.insert(fault).inserted {
                    guard let site = site(fault, entryIndex, draw, tape) else { continue }
                    drawn.sites.append(site)
                }
                // The reason does not depend on the draw.
                if draw == 0 { drawn.inapplicable += result.inapplicable }
            }
        }
        drawn.sites.sort {
            ($0.anchor, $0.entry, $0.draw) < ($1.anchor, $1.entry, $1.draw)
        }
        return drawn
    }

    private static func certain(_ entry: FaultEntry, attempt: Int?) -> FaultEntry {
        var entry = entry
        entry.selector.probability = .always
        entry.times = 1
        if let attempt { entry.selector.attempt = attempt }
        return entry
    }

    private static func site(
        _ fault: PlannedFault, _ entry: Int, _ draw: Int, _ tape: Tape
    ) -> FaultSite? {
        guard
            let ordinal = tape.ordinal(of: fault.anchor.fingerprint, take: fault.anchor.take),
            let attempt = fault.anchor.attempt
        else { return nil }
        return FaultSite(
            entry: entry, draw: draw,
            anchor: ReachedAnchor(ordinal: ordinal, attempt: attempt), fault: fault)
    }
}
