/// Why a text is not a plan that can be run, and where.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text is not JSON.
        case notJSON
        /// The plan has a schema version that is not known.
        case unknownSchema
        /// A member that no plan has.
        case unknownMember
        /// A member that every plan has is missing.
        case missingMember
        /// A value of the wrong type or out of its range.
        case invalidValue
        /// No fault has this identifier.
        case unknownFault
    }

    /// The kind of failure.
    public let code: Code
    /// Where; a JSON path.
    public let path: String
    /// What is wrong, and what is allowed.
    public let message: String

    /// Creates an error.
    public init(code: Code, path: String, message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// The place and the message in one line.
    public var description: String { "invalid plan at \(path): \(message)" }
}
