/// A recorded interaction beside its own that a fault may ask for.
public enum Neighbour: Hashable, Sendable {
    /// Another answer to the same request: of those that say something else, the one with this
    /// number, from 1, in recorded order.
    case otherAnswer(Int)
    /// The answer to the same conversation at an earlier point: the latest one at which it lacked
    /// at least this many of its last messages.
    case shorterHistory(lacking: Int)
    /// The call of another tool of the same server, or with other arguments, that was made along
    /// with this one.
    case companion
}
