public import Determinism

/// What must hold of an agent, in which scenarios, and how well.
///
/// It is a matrix of invariants and scenarios. Its cells are independent: each counts the runs of
/// its scenario, and one run serves all invariants.
public struct Contract: Hashable, Sendable {
    /// An invariant that the contract asks for.
    public struct Requirement: Hashable, Sendable {
        /// The invariant, by its identifier.
        public var invariant: String
        /// How grave it is when it is broken.
        public var severity: Severity

        /// A requirement.
        public init(invariant: String, severity: Severity) {
            self.invariant = invariant
            self.severity = severity
        }
    }

    /// The name, for messages.
    public var name: String
    /// The rows of the matrix.
    public var requirements: [Requirement]
    /// The columns of the matrix.
    public var scenarios: [String]
    /// What it must reach.
    public var gates: ContractGates

    /// Creates a contract.
    public init(
        name: String = "contract", requirements: [Requirement], scenarios: [String],
        gates: ContractGates = ContractGates()
    ) {
        self.name = name
        self.requirements = requirements
        self.scenarios = scenarios
        self.gates = gates
    }

    /// Judges the cells of all runs.
    ///
    /// Invariants that the contract does not name get rows of their own behind the others. A
    /// matrix that is empty, or in which nothing was judged, is an error: it would pass whatever
    /// the agent does.
    public func judge(_ cells: [Cell]) throws(ContractError) -> ContractVerdict {
        try check(cells)
        let card = ScoreCard(cells)
        guard let score = card.score else {
            let why =
                cells.isEmpty
                ? "no run has a result"
                : "\(card.cells.unjudged) results are unjudged and \(card.cells.invalid) invalid"
            throw ContractError(
                .nothingJudged, at: name,
                "nothing was judged: \(why); a contract cannot pass on nothing. Run more seeds, or "
                    + "look at `when` of the invariants")
        }
        let matrix = ContractMatrix(self, cells)
        return ContractVerdict(
            matrix: matrix, card: card, score: score,
            reasons: GateCheck(contract: self, matrix: matrix, card: card, score: score)
                .reasons(cells))
    }

    private func check(_ cells: [Cell]) throws(ContractError) {
        guard !requirements.isEmpty else {
            throw ContractError(
                .noInvariants, at: name, "the contract has no invariant; name at least one")
        }
        guard !scenarios.isEmpty else {
            throw ContractError(
                .noScenarios, at: name, "the contract has no scenario; name at least one")
        }
        for names in [requirements.map(\.invariant), scenarios] {
            var seen: Set<String> = []
            if let twice = names.first(where: { !seen.insert($0).inserted }) {
                throw ContractError(
                    .repeatedName, at: "\(name): \(PlainText.clipped(twice))",
                    "it stands there twice; each invariant and each scenario has one place")
            }
        }
        guard gates.minSample >= 1 else {
            throw ContractError(
                .wrongGate, at: "\(name): minimum sample",
                "\(gates.minSample) runs are no sample; ask for at least 1")
        }
        let known = Set(scenarios)
        if let stray = cells.first(where: { !known.contains($0.run.scenario) }) {
            throw ContractError(
                .unknownScenario, at: "\(name): \(PlainText.clipped(stray.run.scenario))",
                "a run belongs to this scenario, which the contract does not have")
        }
    }
}

/// What a contract must reach.
///
/// A broken critical invariant fails it whatever these say.
public struct ContractGates: Hashable, Sendable {
    /// The least weighted score; by default nothing may be broken.
    public var minScore: Ratio
    /// How many judged runs each scenario must have, at least 1.
    public var minSample: Int

    /// Creates gates.
    public init(minScore: Ratio = .always, minSample: Int = 1) {
        self.minScore = minScore
        self.minSample = minSample
    }
}
