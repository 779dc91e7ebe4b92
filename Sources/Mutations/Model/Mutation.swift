public import Determinism

/// What is expected of an agent that is given a mutated prompt.
public enum MutationClass: String, Hashable, Sendable, CaseIterable {
    /// The meaning is the same: the agent ends where it ended before.
    case metamorphic
    /// The meaning changed in a known way: the end changes with it.
    case directional
    /// The text attacks or breaks: the agent neither obeys nor crashes.
    case hostile
}

/// One way to change a prompt by rule, with its variants.
public struct Mutation: Sendable {
    /// The stable kebab-case name, which is that of the first variant.
    public let id: String
    /// What it does, in one sentence.
    public let summary: String
    /// The forms it has, the default first.
    public let variants: [MutationVariant]

    init(_ summary: String, _ variants: [MutationVariant]) {
        id = variants.first?.name ?? ""
        self.summary = summary
        self.variants = variants
    }
}

/// One form of a mutation: the unit that is named and applied.
public struct MutationVariant: Sendable {
    typealias Edit = @Sendable (MutationContext) throws(MutationRefusal) -> Edited

    /// The stable kebab-case name, unique among all variants.
    public let name: String
    /// What is expected of the agent.
    public let expectation: MutationClass
    /// The names by which other tools know this form.
    public let aliases: [String]
    /// Whether numbers, identifiers, quotations and the like come through unchanged.
    public let keepsProtected: Bool
    private let edit: Edit

    init(
        _ name: String, _ expectation: MutationClass, aliases: [String] = [],
        keepsProtected: Bool = true, edit: @escaping Edit
    ) {
        self.name = name
        self.expectation = expectation
        self.aliases = aliases
        self.keepsProtected = keepsProtected && expectation == .metamorphic
        self.edit = edit
    }

    /// The most bytes of a prompt that are mutated.
    public static let textBytesMax = 262_144

    /// The prompt as this variant changes it: a pure function of its arguments.
    ///
    /// The template is used by `custom-template` only; it holds `{prompt}`.
    public func apply(
        to text: String, seed: Seed, intensity: MutationIntensity = .default,
        template: String? = nil
    ) throws(MutationRefusal) -> MutatedText {
        guard text.utf8.count <= MutationVariant.textBytesMax else {
            throw MutationRefusal("the text is longer than \(MutationVariant.textBytesMax) bytes")
        }
        let context = MutationContext(
            text: PromptText(text), draws: MutationDraws(seed: seed, purpose: name),
            intensity: intensity, template: template)
        let edited = try edit(context)
        guard Array(edited.text.utf8) != Array(text.utf8) else {
            throw MutationRefusal("the text already has this form")
        }
        return MutatedText(
            original: text, text: edited.text, variant: name, expectation: expectation,
            changes: edited.changes, note: edited.note)
    }
}
