/// How much of a run was under control, in a letter; A is the best.
public enum GradeLetter: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Clock, entropy, addresses and network, and no two threads of the agent at once.
    case a = "A"
    /// As A, but threads overlapped, or identifiers or addresses were free.
    case b = "B"
    /// The agent's clock is real; the wire is controlled.
    case c = "C"
    /// A foreign peer, a static process or a real-time fallback took part.
    case d = "D"

    /// Orders from the best to the worst.
    public static func < (left: GradeLetter, right: GradeLetter) -> Bool {
        left.rawValue < right.rawValue
    }
}
