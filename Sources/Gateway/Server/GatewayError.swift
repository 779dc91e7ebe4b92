/// Why the Gateway could not do what it was asked to.
package struct GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable {
        case portTaken = "port-taken"
        case cannotListen = "cannot-listen"
        case noEventLoop = "no-event-loop"
        /// The local authority cannot be read or made.
        case badAuthority = "bad-authority"
    }

    /// The kind of failure.
    package var code: Code
    /// What happened and how to mend it.
    package var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
