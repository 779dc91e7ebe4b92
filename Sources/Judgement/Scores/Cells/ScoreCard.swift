internal import Determinism

/// How good a score is, in a word; the bounds are flakestorm's.
public enum ScoreBand: String, Hashable, Sendable, CaseIterable {
    /// 90 % and more.
    case excellent
    /// 80 % and more.
    case good
    /// 70 % and more.
    case fair
    /// Less.
    case poor

    /// The band in which a score lies.
    public init(_ score: Fraction) {
        // A score is not negative, so that ten times as much cannot be less.
        let (ten, whole) = (Int128(score.numerator) * 10, Int128(score.denominator))
        switch true {
        case ten >= 9 * whole: self = .excellent
        case ten >= 8 * whole: self = .good
        case ten >= 7 * whole: self = .fair
        default: self = .poor
        }
    }
}

/// How many cells there are of each outcome.
public struct CellCount: Hashable, Sendable {
    /// Those that hold.
    public var held = 0
    /// Those that are broken.
    public var broken = 0
    /// Those of which nothing can be said.
    public var unjudged = 0
    /// Those of runs that say nothing at all.
    public var invalid = 0

    /// No cell.
    public init() {}

    /// Counts more of them.
    public mutating func add(_ outcome: CellOutcome, times: Int = 1) {
        switch outcome {
        case .held: held += times
        case .broken: broken += times
        case .unjudged: unjudged += times
        case .invalid: invalid += times
        }
    }

    /// Those that were judged.
    public var judged: Int { held + broken }
    /// All of them.
    public var total: Int { judged + unjudged + invalid }
}

/// The score of the runs whose gravest fault is of one family.
public struct CategoryScore: Hashable, Sendable {
    /// The family, or `undisturbed`.
    public let category: String
    /// The runs that were judged, and how many of them passed.
    public let runs: PassShare
    /// The weighted score; nil when nothing was judged.
    public let score: Fraction?
}

/// The scores of a list of cells.
///
/// The score is Σ passed · severity · fault weight / Σ severity · fault weight over all judged
/// cells, exact. Beside it stands the share of runs that passed, with its interval: a run passes
/// when something was judged in it and nothing is broken.
public struct ScoreCard: Hashable, Sendable {
    /// The weighted score; nil when nothing was judged.
    public let score: Fraction?
    /// The runs that were judged, and how many of them passed.
    public let runs: PassShare
    /// How many runs say nothing, because their invariants were not judged.
    public let unjudgedRuns: Int
    /// How many runs did not take place or were not deterministic.
    public let invalidRuns: Int
    /// The cells.
    public let cells: CellCount
    /// By family of faults, undisturbed runs first.
    public let categories: [CategoryScore]

    /// Counts the cells.
    public init(_ cells: [Cell]) {
        let tallies = RunTally.all(cells)
        var count = CellCount()
        for cell in cells { count.add(cell.outcome, times: cell.runs) }
        self.cells = count
        score = ScoreCard.score(cells)
        runs = ScoreCard.share(tallies)
        unjudgedRuns = tallies.runs { $0 == .unjudged }
        invalidRuns = tallies.runs { $0 == .invalid }
        categories = ScoreCard.categories(cells, tallies)
    }

    /// The score in a word; nil when nothing was judged.
    public var band: ScoreBand? { score.map { ScoreBand($0) } }

    private static func score(_ cells: [Cell]) -> Fraction? {
        guard cells.contains(where: \.isEvidence) else { return nil }
        let judged = cells.filter(\.outcome.isJudged)
        let total = judged.reduce(0) { $0 + $1.weight * $1.runs }
        let held = judged.reduce(0) { $0 + ($1.outcome == .held ? $1.weight * $1.runs : 0) }
        return Fraction(held, total)
    }

    private static func share(_ tallies: [RunTally]) -> PassShare {
        PassShare(passed: tallies.runs { $0 == .held }, total: tallies.runs(where: \.isJudged))
    }

    private static func categories(
        _ cells: [Cell], _ tallies: [RunTally]
    ) -> [CategoryScore] {
        let cellsOf = Dictionary(grouping: cells, by: \.strain.category)
        let runsOf = Dictionary(grouping: tallies, by: \.strain.category)
        let names = Set(cells.map(\.strain.category)).sorted {
            (Strain.rank($0), $0) < (Strain.rank($1), $1)
        }
        return names.map { name in
            CategoryScore(
                category: name, runs: share(runsOf[name] ?? []), score: score(cellsOf[name] ?? []))
        }
    }
}
