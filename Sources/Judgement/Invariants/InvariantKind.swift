internal import Determinism

/// One argument of an invariant, for its page.
public struct InvariantParameter: Hashable, Sendable {
    /// The name; empty for the value itself, where the invariant has a short form.
    public var name: String
    /// Its type in words, such as `whole number`.
    public var type: String
    /// The default in words; nil for one that must be given.
    public var standard: String?
    /// What it means.
    public var meaning: String

    init(_ name: String, _ type: String, standard: String? = nil, _ meaning: String) {
        self.name = name
        self.type = type
        self.standard = standard
        self.meaning = meaning
    }
}

/// What an invariant looks at.
public enum InvariantGroup: String, Hashable, Sendable, CaseIterable {
    /// How the run ended.
    case end
    /// What the agent says.
    case output
    /// Which tools it used, and how.
    case tools
    /// How it deals with failures.
    case retries
    /// What it used up: calls, steps, tokens, time.
    case budget
    /// What must not get out or in.
    case safety
    /// The order of things.
    case order
}

/// A kind of invariant: its name, its page and how its arguments are read.
public struct InvariantKind: Sendable {
    /// The name in a scenario.
    public let name: String
    /// What it looks at.
    public let group: InvariantGroup
    /// What must hold, in one sentence.
    public let summary: String
    /// Its arguments.
    public let parameters: [InvariantParameter]
    /// Arguments that are right, as JSON.
    public let example: String
    let parse: @Sendable (InvariantArguments) throws(InvariantError) -> any InvariantRule

    init(
        _ name: String, _ group: InvariantGroup, summary: String,
        parameters: [InvariantParameter] = [], example: String,
        parse:
            @escaping @Sendable (InvariantArguments) throws(InvariantError) ->
            any InvariantRule
    ) {
        self.name = name
        self.group = group
        self.summary = summary
        self.parameters = parameters
        self.example = example
        self.parse = parse
    }
}
