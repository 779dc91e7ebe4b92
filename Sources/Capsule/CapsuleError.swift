/// Why a capsule could not be made.
package struct CapsuleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was refused, and by whom.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
