package import Judgement

/// Two storms of two versions of an agent through the same plans.
package struct ComparisonResult: Sendable {
    /// How many differing pairs are told in full.
    static let toldMax = 20

    /// What version A is, as a command or a file.
    package var nameA: String
    /// What version B is.
    package var nameB: String
    /// The storm of A.
    package var a: StormResult
    /// The storm of B.
    package var b: StormResult
    /// The paired difference.
    package let comparison: PairedComparison

    package init(nameA: String, _ a: StormResult, nameB: String, _ b: StormResult) {
        self.nameA = nameA
        self.nameB = nameB
        self.a = a
        self.b = b
        // The name of a scenario does not make two plans different ones.
        var b = b
        b.scenario = a.scenario
        comparison = PairedComparison(a: a.compared(), b: b.compared())
    }

    /// The run of B that a pair names.
    func runOfB(_ pair: ComparedPair) -> RunSummary? {
        b.runs.first { $0.seed == pair.run.seed }
    }

    /// The run of A that a pair names.
    func runOfA(_ pair: ComparedPair) -> RunSummary? {
        a.runs.first { $0.seed == pair.run.seed }
    }
}
