/// Why nothing can be explored as it was asked for.
public struct ExplorationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// There are more combinations of faults than can be held in memory.
        case tooManyCombinations
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, and what to do.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
