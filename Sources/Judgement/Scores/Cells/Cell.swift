/// What became of an invariant in a run, or of all of them.
public enum CellOutcome: String, Hashable, Sendable, CaseIterable {
    /// It was judged and holds.
    case held
    /// It was judged and is broken.
    case broken
    /// Nothing can be said: its moment did not come, or the run left the tape.
    case unjudged
    /// The run did not take place, or was not deterministic.
    case invalid

    /// Whether it says something of the agent.
    public var isJudged: Bool { self == .held || self == .broken }
}

/// One invariant in one run: what scores are made of.
///
/// All cells of a run have its key: one run serves every invariant of its scenario.
public struct Cell: Hashable, Sendable {
    /// The invariant that stands for the end of the agent.
    ///
    /// It is broken when the agent hangs, crashes, or is stopped at a limit.
    /// No scenario names it. It counts, but alone it is no evidence: where nothing else was
    /// judged, an agent that ended has shown nothing.
    public static let endingInvariant = "agent_ended"

    /// The run.
    public var run: RunKey
    /// The invariant, by its identifier.
    public var invariant: String
    /// How grave it is when it is broken.
    public var severity: Severity
    /// What was done to the run.
    public var strain: Strain
    /// What became of the invariant.
    public var outcome: CellOutcome
    /// How many runs it stands for: where all cells of several runs are the same, one run's cells
    /// with their number count as much.
    public var runs: Int

    /// Creates a cell.
    public init(
        run: RunKey, invariant: String, severity: Severity, strain: Strain = .undisturbed,
        outcome: CellOutcome, runs: Int = 1
    ) {
        self.runs = runs
        self.run = run
        self.invariant = invariant
        self.severity = severity
        self.strain = strain
        self.outcome = outcome
    }

    /// Severity times the weight of the faults: how much the cell counts in a score.
    public var weight: Int { severity.weight * strain.weight }

    /// Whether it shows by itself that something was judged.
    var isEvidence: Bool {
        outcome == .broken || (outcome == .held && invariant != Cell.endingInvariant)
    }
}
