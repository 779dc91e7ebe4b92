public import Determinism

/// A run of one version of an agent, as a comparison needs it.
public struct ComparedRun: Hashable, Sendable {
    /// Which run it is; versions are compared on runs with the same key.
    public var run: RunKey
    /// What was done to it.
    public var strain: Strain
    /// Held when it passed, broken when it failed.
    public var outcome: CellOutcome
    /// How many requests the agent sent.
    public var calls: Int?
    /// How many tokens its models read and wrote.
    public var tokens: Int?
    /// How long it took on the virtual clock; nil when the clock was real.
    public var virtualTime: SimDuration?

    /// Creates a run.
    public init(
        run: RunKey, strain: Strain = .undisturbed, outcome: CellOutcome, calls: Int? = nil,
        tokens: Int? = nil, virtualTime: SimDuration? = nil
    ) {
        self.run = run
        self.strain = strain
        self.outcome = outcome
        self.calls = calls
        self.tokens = tokens
        self.virtualTime = virtualTime
    }
}

/// How a number differs between two versions over many pairs of runs.
public struct PairedMeasure: Hashable, Sendable {
    /// What is measured.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Requests.
        case calls
        /// Tokens.
        case tokens
        /// Nanoseconds on the virtual clock.
        case virtualTime = "virtual-time"
    }

    /// What is measured.
    public let kind: Kind
    /// In how many pairs it is higher with B.
    public let higher: Int
    /// In how many pairs it is lower with B.
    public let lower: Int
    /// In how many pairs it is equal.
    public let equal: Int
    /// The median of B - A over all pairs; the mean of the two in the middle of an even number.
    public let median: Fraction
    /// The exact two-sided p-value of the sign test; pairs that are equal take no part.
    public let p: FixedDecimal

    /// All pairs.
    public var pairs: Int { higher + lower + equal }

    /// Measures differences B - A; nil when there are none.
    init?(_ kind: Kind, differences: [Int]) {
        let sorted = differences.sorted()
        guard !sorted.isEmpty else { return nil }
        let (left, right) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
        // Halves are added and not the numbers, whose sum may be too large.
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        let fallback = left / 2 + right / 2
        guard let median = isTooLarge ? Fraction(fallback, 1) : Fraction(sum, 2) else { return nil }
        self.kind = kind
        self.median = median
        higher = sorted.count { $0 > 0 }
        lower = sorted.count { $0 < 0 }
        equal = sorted.count - higher - lower
        p = SignTest.p(higher, lower)
    }
}
