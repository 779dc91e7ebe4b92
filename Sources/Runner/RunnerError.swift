/// Why something could not be run, and what to do next.
package struct RunnerError: Error, CustomStringConvertible {
    /// The kinds of failure; each has an exit code.
    package enum Code: Int, Hashable, Sendable {
        /// Wrong usage or configuration.
        case usage = 2
        /// Nothing valid ran.
        case nothingRan = 5
        /// The agent or an upstream could not start.
        case cannotStart = 6
        /// Our own bug.
        case internalError = 70
        /// The user interrupted.
        case interrupted = 130
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong, and how to mend it.
    package let message: String

    /// Creates an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
