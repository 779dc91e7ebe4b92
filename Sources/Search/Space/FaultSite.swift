public import Faults

/// One fault that could strike at one place: an element of the space that is searched.
public struct FaultSite: Hashable, Sendable {
    /// The entry of the scenario, from 0.
    public var entry: Int
    /// Which draw of the entry's parameters it is, from 0.
    public var draw: Int
    /// Where it strikes.
    public var anchor: ReachedAnchor
    /// The fault as a plan holds it.
    public var fault: PlannedFault

    /// Creates a site.
    public init(entry: Int, draw: Int, anchor: ReachedAnchor, fault: PlannedFault) {
        self.entry = entry
        self.draw = draw
        self.anchor = anchor
        self.fault = fault
    }
}
