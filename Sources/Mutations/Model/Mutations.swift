/// All mutations, in the order of the documentation.
public enum Mutations {
    /// The 39 mutations.
    public static let all: [Mutation] =
        TypoRules.mutations + WordRules.mutations + MeaningRules.mutations
        + PhrasingRules.mutations + SurfaceRules.mutations + GlyphRules.mutations
        + EncodingRules.mutations + LengthRules.mutations + FormRules.mutations
        + NumberRules.mutations + AttackRules.mutations

    /// All variants of all mutations, in the same order.
    public static var variants: [MutationVariant] { all.flatMap(\.variants) }

    /// The variant of a name: its own, an alias, or `MUTATION:VARIANT`; nil for an unknown one.
    public static func named(_ name: String) -> MutationVariant? {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2 {
            return mutation(parts[0])?.variants.first { $0.name == parts[1] }
        }
        return variants.first { $0.name == name } ?? variants.first { $0.aliases.contains(name) }
    }

    /// The mutation of an identifier; nil for an unknown one.
    public static func mutation(_ id: String) -> Mutation? {
        all.first { $0.id == id }
    }
}
