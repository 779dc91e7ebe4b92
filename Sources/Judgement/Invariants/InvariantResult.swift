public import Determinism
public import Simulation

/// The moment of a run at which an invariant was seen to be broken.
public enum WitnessPosition: Hashable, Sendable {
    /// Before the agent asked anything.
    case beginning
    /// When this request arrived: nothing that was answered to it can have caused it.
    case request(ExchangeID)
    /// When the answer to this request was delivered.
    case delivery(ExchangeID)
    /// At the end of the run: it depends on all that came before.
    case end
}

/// What an invariant says of one run.
public struct InvariantResult: Hashable, Sendable {
    /// A short text that names the rule with its arguments.
    public var id: String
    /// The rule as the scenario has it.
    public var invariant: JSONValue
    /// Whether it holds.
    public var passed: Bool
    /// Whether it was judged; one whose moment did not come holds without saying anything.
    public var isJudged: Bool
    /// What was seen, in one sentence.
    public var message: String
    /// The exchanges that show it, in order; also those that show that it holds.
    public var witnesses: [ExchangeID]
    /// When it was seen to be broken; nil when it holds.
    public var position: WitnessPosition?

    /// Creates a result.
    public init(
        id: String, invariant: JSONValue, passed: Bool, message: String,
        witnesses: [ExchangeID] = [], position: WitnessPosition? = nil, isJudged: Bool = true
    ) {
        self.id = id
        self.invariant = invariant
        self.passed = passed
        self.message = message
        self.witnesses = witnesses
        self.position = position
        self.isJudged = isJudged
    }
}
