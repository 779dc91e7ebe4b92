public import Determinism
public import Faults

/// How far an exploration goes.
public struct ExplorationOptions: Sendable {
    /// A share of the work: every `count`-th plan of the topmost rungs, from `index`.
    public struct Shard: Hashable, Sendable {
        /// More shares than this are not made of one work.
        public static let countMax = 100_000

        /// Which share, from 1.
        public let index: Int
        /// How many shares there are.
        public let count: Int

        /// Creates a shard; nil when there is no such share.
        public init?(index: Int, of count: Int) {
            guard (1...Shard.countMax).contains(count), (1...count).contains(index) else {
                return nil
            }
            self.index = index
            self.count = count
        }

        func owns(_ number: Int) -> Bool { number % count == index - 1 }
    }

    /// The rungs that are climbed; those that they are built on are climbed too.
    public var phases: Set<ExplorationPhase>
    /// Failures of earlier storms, which come first.
    public var saved: [Plan] = []
    /// How many faults a row of follow-ups has at most: 2 for a fault and one at a call that
    /// appeared after it, as a retry; 3 for another one at what appeared after that.
    public var followUpFaults = 2
    /// How many other orders of waiting requests are tried.
    public var orders = 16
    /// The depth of PCT: how many constraints an order may have to meet to show a bug.
    ///
    /// From 2 on, priorities change within a run: once for each further constraint, and a plan holds
    /// only so many changes. A value beyond that, or below 1, becomes the nearest that is possible.
    public var orderDepth = 1 {
        didSet {
            let possible = ExplorationOptions.orderDepths
            orderDepth = min(max(orderDepth, possible.lowerBound), possible.upperBound)
        }
    }
    /// The seeds of the swarm.
    public var seeds: [Seed] = []
    /// How many plans may be run; nil for no limit.
    public var runsMax: Int?
    /// How many pairs, and how many triples, are explored at most: all of them are held in memory.
    public var combinationsMax = 20_000_000
    /// The share of the topmost rungs; nil for all of it.
    public var shard: Shard?

    /// The depths that plans can hold: each but the first is a change of the order.
    static let orderDepths = 1...(Plan.orderChangesMax + 1)

    /// Every single fault.
    public static var singles: ExplorationOptions {
        ExplorationOptions(phases: [.saved, .calm, .singles, .followUps])
    }

    /// Every single fault and every pair.
    public static var pairs: ExplorationOptions {
        ExplorationOptions(phases: [.saved, .calm, .singles, .followUps, .pairs])
    }

    /// Every single fault, every pair and every triple.
    public static var triples: ExplorationOptions {
        var options = ExplorationOptions(
            phases: [.saved, .calm, .singles, .followUps, .pairs, .triples])
        options.followUpFaults = 3
        return options
    }

    /// Everything but triples of recorded calls; three faults in a row at one call are there.
    public static func ladder(seeds: [Seed]) -> ExplorationOptions {
        var options = ExplorationOptions(
            phases: Set(ExplorationPhase.allCases).subtracting([.triples]))
        options.seeds = seeds
        options.followUpFaults = 3
        return options
    }

    /// Creates options.
    public init(phases: Set<ExplorationPhase>) {
        self.phases = phases
    }

    /// The options with the rungs on which the others are built.
    var withFoundations: ExplorationOptions {
        var options = self
        if phases.contains(.triples) { options.phases.insert(.pairs) }
        // Without them nothing would be known to be reachable.
        if !options.phases.isDisjoint(with: [.followUps, .boundaries, .pairs]) {
            options.phases.formUnion([.calm, .singles])
        }
        if phases.contains(.orders) { options.phases.insert(.calm) }
        return options
    }

    /// Whether the plan with this number is this shard's.
    func owns(_ number: Int) -> Bool {
        shard?.owns(number) ?? true
    }
}

/// How far an exploration has come.
public struct ExplorationProgress: Hashable, Sendable {
    /// The rung.
    public var phase: ExplorationPhase
    /// How many plans of the rung are decided.
    public var done: Int
    /// How many it has.
    public var total: Int
    /// How many runs failed so far.
    public var failed: Int
    /// How many runs there were so far.
    public var runs: Int
}
