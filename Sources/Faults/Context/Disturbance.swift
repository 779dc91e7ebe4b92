public import Determinism

/// What somebody who asked an agent, which is a server, does before the answer is whole.
public struct Disturbance: Hashable, Sendable {
    /// What is done.
    public enum Act: String, Hashable, Sendable, CaseIterable {
        /// The same question is asked a second time while the first waits.
        case duplicate = "duplicate-user-message"
        /// The connection is reset, and the same question is asked again.
        case interrupt
        /// The same question comes again when its answer is whole.
        case late = "late-user-message"
    }

    /// What is done.
    public var act: Act
    /// How long after the interruption, or after the answer, the question comes again.
    public var after: SimDuration

    /// Creates a disturbance.
    public init(_ act: Act, after: SimDuration = .zero) {
        self.act = act
        self.after = after
    }
}
