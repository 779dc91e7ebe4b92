/// All kinds of invariants.
public enum InvariantCatalogue {
    /// In the order of the documentation.
    public static let all: [InvariantKind] =
        EndRules.all + OutputRules.all + CallRules.all + SideEffectRules.all
        + ToolRules.all + RetryRules.all + RecoveryRules.all
        + TextRules.all + JudgeRules.all + BudgetRules.all + HistoryRules.all + LeakRules.all
        + TemporalRule.all

    private static let byName: [String: InvariantKind] = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// The kind with this name.
    public static func named(_ name: String) -> InvariantKind? { byName[name] }

    /// The names of all kinds.
    public static let names: [String] = all.map(\.name)
}
