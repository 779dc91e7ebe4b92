/// A fault that was selected and drawn, but cannot apply to the recorded answer.
public struct InapplicableFault: Hashable, Sendable {
    /// The identifier of the fault.
    public var fault: String
    /// Where it would have applied.
    public var anchor: Anchor
    /// Why it cannot.
    public var reason: String

    /// Creates a report.
    public init(fault: String, anchor: Anchor, reason: String) {
        self.fault = fault
        self.anchor = anchor
        self.reason = reason
    }
}

/// What a scenario and a seed come to on a tape.
public struct ExpansionResult: Hashable, Sendable {
    /// The plan.
    public var plan: Plan
    /// What was drawn and cannot apply.
    public var inapplicable: [InapplicableFault]
    /// The places, from 0, of entries that select no recorded interaction.
    public var unmatched: [Int]

    /// Creates a result.
    public init(plan: Plan, inapplicable: [InapplicableFault] = [], unmatched: [Int] = []) {
        self.plan = plan
        self.inapplicable = inapplicable
        self.unmatched = unmatched
    }
}

/// Why a scenario does not fit the catalogue or the cassette.
public struct ExpansionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// No fault has this identifier.
        case unknownFault
        /// The cassette has no such upstream.
        case unknownUpstream
        /// The fault cannot be aimed at an upstream of this kind.
        case wrongTarget
        /// The fault has no such parameter, or not with this value.
        case invalidParameter
        /// A number of the selector, or `times`, is out of range.
        case invalidCount
    }

    /// The kind of failure.
    public let code: Code
    /// The place of the entry in the scenario's list of faults, from 0.
    public let entry: Int
    /// What is wrong, and what is allowed.
    public let message: String

    /// Creates an error.
    public init(code: Code, entry: Int, message: String) {
        self.code = code
        self.entry = entry
        self.message = message
    }

    /// The place and the message in one line.
    public var description: String {
        "entry \(entry + 1) of 'faults': \(message)"
    }
}
