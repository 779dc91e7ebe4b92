/// Why a contract cannot be judged: it is empty, or nothing was.
public struct ContractError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no invariant.
        case noInvariants
        /// There is no scenario.
        case noScenarios
        /// A name stands there twice.
        case repeatedName
        /// A cell belongs to no scenario of the contract.
        case unknownScenario
        /// No invariant was judged in any run.
        case nothingJudged
        /// A gate that no storm can meet or miss.
        case wrongGate
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, and how to mend it.
    public let message: String
    /// The name of the contract, and of what in it is wrong.
    public let place: String

    /// A failure at a place.
    public init(_ code: Code, at place: String, _ message: String) {
        self.code = code
        self.message = message
        self.place = place
    }

    /// The place and the message in one line.
    public var description: String { "\(place): \(message)" }
}
