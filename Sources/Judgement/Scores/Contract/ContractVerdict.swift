/// Whether a contract is kept, and why not.
public struct ContractVerdict: Hashable, Sendable {
    /// The gates that a contract can fail at.
    public enum Gate: String, Hashable, Sendable, CaseIterable {
        /// A critical invariant is broken.
        case critical
        /// The score is too low.
        case score
        /// A scenario has too few judged runs.
        case sample
    }

    /// Why it is not kept.
    public struct Reason: Hashable, Sendable {
        /// The gate.
        public let gate: Gate
        /// What was found, in one sentence.
        public let message: String
    }

    /// The matrix.
    public let matrix: ContractMatrix
    /// All scores.
    public let card: ScoreCard
    /// The weighted score.
    public let score: Fraction
    /// Every gate that it failed at, the critical one first; empty when it is kept.
    public let reasons: [Reason]

    /// Whether it is kept.
    public var passed: Bool { reasons.isEmpty }
}

/// Holds the results of a contract against its gates.
struct GateCheck {
    let contract: Contract
    let matrix: ContractMatrix
    let card: ScoreCard
    let score: Fraction

    private var gates: ContractGates { contract.gates }

    func reasons(_ cells: [Cell]) -> [ContractVerdict.Reason] {
        critical() + lowScore() + samples(cells)
    }

    private func critical() -> [ContractVerdict.Reason] {
        matrix.rows.filter { $0.severity == .critical }.flatMap { row in
            row.cells.filter { $0.outcome == .broken }.map { cell in
                reason(
                    .critical,
                    "critical `\(PlainText.clipped(row.invariant))` is broken in "
                        + "\(cell.runs.broken) of \(cell.runs.judged) judged runs of "
                        + "`\(PlainText.clipped(cell.scenario))`")
            }
        }
    }

    private func lowScore() -> [ContractVerdict.Reason] {
        let wanted = Fraction(gates.minScore)
        guard score < wanted else { return [] }
        return [
            reason(
                .score,
                "the score \(score.percentText(decimals: 2)) (\(score)) is below the wanted "
                    + wanted.percentText(decimals: 2))
        ]
    }

    private func samples(_ cells: [Cell]) -> [ContractVerdict.Reason] {
        let runsOf = Dictionary(grouping: RunTally.all(cells), by: \.run.scenario)
        return contract.scenarios.compactMap { scenario in
            let count = runsOf[scenario]?.runs(where: \.isJudged) ?? 0
            guard count < gates.minSample else { return nil }
            let runs = count == 1 ? "1 judged run" : "\(count) judged runs"
            return reason(
                .sample,
                "`\(PlainText.clipped(scenario))` has \(runs), at least \(gates.minSample) wanted")
        }
    }

    private func reason(
        _ gate: ContractVerdict.Gate, _ message: String
    ) -> ContractVerdict.Reason {
        ContractVerdict.Reason(gate: gate, message: message)
    }
}
