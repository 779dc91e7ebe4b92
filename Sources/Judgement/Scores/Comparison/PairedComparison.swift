internal import Determinism

/// Two versions of an agent on the same plans.
///
/// Both meet the same faults at the same places (common random numbers), so that what differs is
/// the agent and not the luck of the draw. Only pairs of runs that were both judged are compared;
/// all others are counted.
public struct PairedComparison: Hashable, Sendable {
    /// What a comparison comes to, at the level of 5 %.
    public enum Conclusion: String, Hashable, Sendable, CaseIterable {
        /// B passes more often than A, and chance is no good explanation.
        case better
        /// B passes less often than A, and chance is no good explanation.
        case worse
        /// They pass equally, or chance may explain the difference.
        case undecided
    }

    /// How many pairs passed on which side.
    public let table: PairedTable
    /// The pairs that passed with A only: what B lost; the heaviest strain first, then by key.
    public let lost: [ComparedPair]
    /// The pairs that passed with B only: what B gained; in the same order.
    public let gained: [ComparedPair]
    /// Calls, tokens and virtual time, as far as they are known, over pairs that passed with both.
    ///
    /// An agent that breaks early sends few requests, which is no merit.
    public let measures: [PairedMeasure]
    /// Runs of A that have no partner, in the order of keys.
    public let onlyInA: [RunKey]
    /// Runs of B that have no partner, in the order of keys.
    public let onlyInB: [RunKey]
    /// Pairs of which one run or both were not judged, in the order of keys.
    public let unjudged: [RunKey]
    /// How many runs came with a key that their side already had; the first is taken.
    public let repeated: Int

    /// Compares the runs of A with those of B.
    public init(a: [ComparedRun], b: [ComparedRun]) {
        let (left, right) = (PairedComparison.byKey(a), PairedComparison.byKey(b))
        repeated = a.count - left.count + b.count - right.count
        let partners = Dictionary(
            right.map { ($0.run, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Set(left.map(\.run))
        let pairs = left.compactMap { run in
            partners[run.run].map { ComparedPair(a: run, b: $0) }
        }
        onlyInA = left.map(\.run).filter { partners[$0] == nil }
        onlyInB = right.map(\.run).filter { !known.contains($0) }
        unjudged = pairs.filter { !$0.isJudged }.map(\.run)
        let judged = pairs.filter(\.isJudged)
        lost = PairedComparison.byWeight(judged.filter { $0.passesA && !$0.passesB })
        gained = PairedComparison.byWeight(judged.filter { !$0.passesA && $0.passesB })
        let both = judged.filter { $0.passesA && $0.passesB }
        table = PairedTable(
            both: both.count, onlyA: lost.count, onlyB: gained.count,
            neither: judged.count - both.count - lost.count - gained.count)
        measures = PairedMeasure.Kind.allCases.compactMap { kind in
            PairedMeasure(kind, differences: both.compactMap { $0.difference(kind) })
        }
    }

    /// Whether B is better, by McNemar's exact test.
    public var conclusion: Conclusion {
        guard table.p < FixedDecimal(billionths: 50_000_000) else { return .undecided }
        return table.onlyB > table.onlyA ? .better : .worse
    }

    /// The runs in the order of keys, each key once.
    private static func byKey(_ runs: [ComparedRun]) -> [ComparedRun] {
        var seen: Set<RunKey> = []
        return runs.filter { seen.insert($0.run).inserted }.sorted { $0.run < $1.run }
    }

    private static func byWeight(_ pairs: [ComparedPair]) -> [ComparedPair] {
        pairs.sorted { left, right in
            left.weight == right.weight ? left.run < right.run : left.weight > right.weight
        }
    }
}

/// The same run of both versions.
public struct ComparedPair: Hashable, Sendable {
    /// With A.
    public let a: ComparedRun
    /// With B.
    public let b: ComparedRun

    /// Which run it is.
    public var run: RunKey { a.run }

    /// The heavier of both strains; a fault may fire with one version and not be reached with the
    /// other.
    public var weight: Int { max(a.strain.weight, b.strain.weight) }

    var isJudged: Bool { a.outcome.isJudged && b.outcome.isJudged }
    var passesA: Bool { a.outcome == .held }
    var passesB: Bool { b.outcome == .held }

    /// B - A; nil when one of them is not known.
    func difference(_ kind: PairedMeasure.Kind) -> Int? {
        let sides: (a: Int?, b: Int?) =
            switch kind {
            case .calls: (a.calls, b.calls)
            case .tokens: (a.tokens, b.tokens)
            case .virtualTime:
                (
                    a.virtualTime.map { Int($0.nanoseconds) },
                    b.virtualTime.map { Int($0.nanoseconds) }
                )
            }
        guard let first = sides.a, let second = sides.b else { return nil }
        let (difference, isTooLarge) = second.subtractingReportingOverflow(first)
        guard isTooLarge else { return difference }
        return first < 0 ? .max : .min
    }
}
