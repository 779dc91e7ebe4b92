/// What a run amounts to.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Every invariant holds, and every answer was recorded.
    case passed
    /// Every invariant holds, but some answers were assumed.
    case passedAssumed = "passed-assumed"
    /// An invariant is broken.
    case violated
    /// The agent waits for something that can never come.
    case hung
    /// A signal or an uncaught exception ended the agent.
    case crashed
    /// A request left the tape, or a failure rests on answers that were assumed.
    case offTape = "off-tape"
    /// The same plan gave two different runs.
    case nondeterministic
    /// The run says nothing: it did not take place.
    case invalid

    /// Whether the agent is at fault.
    public var isFailure: Bool {
        switch self {
        case .violated, .hung, .crashed: true
        case .passed, .passedAssumed, .offTape, .nondeterministic, .invalid: false
        }
    }

    /// Whether the run rests on what nobody recorded.
    public var isOffTape: Bool {
        self == .offTape || self == .passedAssumed
    }
}
