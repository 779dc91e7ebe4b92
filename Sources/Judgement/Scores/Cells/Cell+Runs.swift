extension Cell {
    /// The cells of one run: one for each invariant, and one for the end of the agent.
    ///
    /// A run that left the tape judges nothing, and one that was served assumed answers shows
    /// nothing where it holds, unless `countsAssumed`.
    public static func cells(
        of run: RunKey, strain: Strain, verdict: Verdict,
        results: [(result: InvariantResult, severity: Severity)], countsAssumed: Bool = false
    ) -> [Cell] {
        // A run that a limit stopped is violated, although no invariant is broken.
        let isExplained = verdict == .violated && results.contains { !$0.result.passed }
        let ending = CellOutcome(
            holds: !verdict.isFailure || isExplained, in: verdict, countsAssumed: countsAssumed)
        let judged = results.map { entry in
            let outcome = CellOutcome(
                holds: entry.result.passed, in: verdict, countsAssumed: countsAssumed)
            return Cell(
                run: run, invariant: entry.result.id, severity: entry.severity, strain: strain,
                outcome: outcome.isJudged && !entry.result.isJudged ? .unjudged : outcome)
        }
        let end = Cell(
            run: run, invariant: endingInvariant, severity: .critical, strain: strain,
            outcome: ending)
        return judged + [end]
    }
}

extension CellOutcome {
    /// What a judged invariant counts as in a run with this verdict.
    init(holds: Bool, in verdict: Verdict, countsAssumed: Bool) {
        switch verdict {
        case .invalid, .nondeterministic: self = .invalid
        // What is broken there may be the work of answers that nobody recorded.
        case .offTape: self = .unjudged
        case .passedAssumed where holds && !countsAssumed: self = .unjudged
        case .passed, .passedAssumed, .violated, .hung, .crashed: self = holds ? .held : .broken
        }
    }
}

/// What the cells of one run amount to.
struct RunTally {
    let run: RunKey
    /// How many runs have these cells.
    let runs: Int
    private(set) var strain: Strain
    private(set) var outcome = CellOutcome.unjudged

    /// The runs in the order in which their cells first appear.
    static func all(_ cells: [Cell]) -> [RunTally] {
        var tallies: [RunTally] = []
        var places: [RunKey: Int] = [:]
        for cell in cells {
            let place = places[cell.run] ?? tallies.endIndex
            if place == tallies.endIndex {
                places[cell.run] = place
                tallies.append(RunTally(run: cell.run, runs: cell.runs, strain: cell.strain))
            }
            tallies[place].add(cell)
        }
        return tallies
    }

    /// A run passes when something was judged and nothing is broken.
    private mutating func add(_ cell: Cell) {
        if cell.strain.weight > strain.weight { strain = cell.strain }
        switch (outcome, cell.outcome) {
        case (.invalid, _): break
        case (_, .invalid): outcome = .invalid
        case (.broken, _): break
        case (_, .broken): outcome = .broken
        default: if cell.isEvidence { outcome = .held }
        }
    }
}

extension [RunTally] {
    /// How many runs have an outcome of this kind.
    func runs(where isCounted: (CellOutcome) -> Bool) -> Int {
        reduce(0) { $0 + (isCounted($1.outcome) ? $1.runs : 0) }
    }
}
