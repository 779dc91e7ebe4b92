/// What became of a planned fault.
public enum FaultFate: Hashable, Sendable {
    /// It changed the delivery.
    case fired
    /// Another replacing fault came first.
    case masked(by: String)
    /// It could not change this delivery.
    case inapplicable(String)
    /// Its anchor was never reached.
    case unreached
}
