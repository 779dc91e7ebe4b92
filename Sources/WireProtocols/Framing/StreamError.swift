/// Why a stream of events is refused, and where.
public struct StreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// One event is longer than is allowed.
        case eventLimit
    }

    /// The kind of failure.
    public let code: Code
    /// The first byte beyond the limit, counted from 0 at the start of the stream.
    public let offset: Int
    /// What is allowed, and what to do next.
    public let message: String

    /// A failure at a byte.
    public init(code: Code, offset: Int, message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    /// The place and the message in one line.
    public var description: String {
        "invalid event stream at byte \(offset): \(message) (\(code.rawValue))"
    }
}
