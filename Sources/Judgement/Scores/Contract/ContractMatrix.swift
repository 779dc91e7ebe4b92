/// An invariant over all runs of a scenario.
public struct MatrixCell: Hashable, Sendable {
    /// The scenario.
    public let scenario: String
    /// In how many runs it held, was broken, or was not judged.
    public fileprivate(set) var runs = CellCount()

    /// Broken when it was broken in any run; held when it was judged otherwise.
    public var outcome: CellOutcome {
        if runs.broken > 0 { return .broken }
        if runs.held > 0 { return .held }
        return runs.invalid > 0 && runs.unjudged == 0 ? .invalid : .unjudged
    }
}

/// An invariant in all scenarios.
public struct MatrixRow: Hashable, Sendable {
    /// The invariant, by its identifier.
    public let invariant: String
    /// How grave it is when it is broken.
    public let severity: Severity
    /// The scenarios in the order of the contract.
    public fileprivate(set) var cells: [MatrixCell]
}

/// The matrix of invariants and scenarios.
public struct ContractMatrix: Hashable, Sendable {
    /// The columns.
    public let scenarios: [String]
    /// The rows: those of the contract, then the others in the order in which they appear.
    public private(set) var rows: [MatrixRow]

    init(_ contract: Contract, _ cells: [Cell]) {
        scenarios = contract.scenarios
        let empty = contract.scenarios.map { MatrixCell(scenario: $0) }
        rows = contract.requirements.map {
            MatrixRow(invariant: $0.invariant, severity: $0.severity, cells: empty)
        }
        var rowOf = Dictionary(
            rows.enumerated().map { ($1.invariant, $0) }, uniquingKeysWith: { first, _ in first })
        let columnOf = Dictionary(
            scenarios.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for cell in cells {
            guard let column = columnOf[cell.run.scenario] else { continue }
            let row = rowOf[cell.invariant] ?? rows.endIndex
            if row == rows.endIndex {
                rowOf[cell.invariant] = row
                rows.append(
                    MatrixRow(invariant: cell.invariant, severity: cell.severity, cells: empty))
            }
            rows[row].cells[column].runs.add(cell.outcome, times: cell.runs)
        }
    }

    /// flakestorm's score of the matrix, in percent: each cell that was judged counts once, and
    /// passes when the invariant held in every run.
    public var resilience: FixedDecimal {
        FlakestormScores.resilience(
            rows.flatMap { row in
                row.cells.filter(\.outcome.isJudged).map { (row.severity, $0.outcome == .held) }
            })
    }
}
