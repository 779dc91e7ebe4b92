/// A prompt after a mutation, with what was changed.
public struct MutatedText: Hashable, Sendable {
    /// The prompt before.
    public let original: String
    /// The prompt after.
    public let text: String
    /// The name of the variant that was applied.
    public let variant: String
    /// What is expected of the agent.
    public let expectation: MutationClass
    /// The edits in the order of the text; empty when the text was changed as a whole.
    public let changes: [MutationChange]
    /// How the text was changed as a whole; empty when the edits say it.
    public let note: String
}

/// One edit of a prompt.
public struct MutationChange: Hashable, Sendable {
    /// How many grapheme clusters of the original stand before the edit.
    public let offset: Int
    /// The text that was replaced; empty for an insertion.
    public let original: String
    /// The text that stands there now; empty for a removal.
    public let replacement: String
}

/// Why a mutation cannot be applied to a prompt.
public struct MutationRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable kebab-case code: always `inapplicable`.
    public let code = "inapplicable"
    /// What the text lacks.
    public let message: String

    /// A refusal for this reason.
    public init(_ message: String) {
        self.message = message
    }

    /// The reason.
    public var description: String { message }
}

/// What an edit returns: the new text, and how it came about.
struct Edited {
    var text: String
    var changes: [MutationChange] = []
    var note = ""
}
