/// What one look at the agent's processes found.
public enum AgentLook: Hashable, Sendable {
    /// Something runs, or sleeps in a call that real time ends.
    case busy
    /// Every thread sleeps until something happens. Two looks with the same signature prove that
    /// nothing ran between them.
    case asleep(signature: UInt64)
    /// The agent takes more than it may: what, in words that follow "the agent".
    case exceeds(String)
}

/// Watches the agent's processes for a run under the virtual clock: the shell's part of the proof
/// that nothing of the agent runs, and the hand that moves its clock.
public protocol AgentWatch: AnyObject {
    /// Looks at every thread once. The second look of a proof is a close one: it also sees threads
    /// that were just woken and do not run yet.
    func look(closely: Bool) -> AgentLook

    /// What the agent did since the last call, in an order that no timing decides: waits that began
    /// or ended, output, foreign addresses. To be asked when it is proven that nothing runs.
    func news() -> [WorldEvent]

    /// Executes what concerns the agent's clock and entropy, and hears that the run is stopped.
    func execute(_ action: WorldAction)
}
