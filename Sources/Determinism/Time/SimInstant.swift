/// A point on the virtual clock of a run: whole nanoseconds since the run began.
public struct SimInstant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the run began.
    public var nanoseconds: Int64

    /// The instant so many nanoseconds after the run began.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant at which a run begins.
    public static let zero = SimInstant(nanoseconds: 0)

    /// The instant a span later, saturating.
    public func advanced(by duration: SimDuration) -> SimInstant {
        SimInstant(nanoseconds: nanoseconds.addingSaturating(duration.nanoseconds))
    }

    /// The span from this instant to another, saturating; negative when the other is earlier.
    public func duration(to other: SimInstant) -> SimDuration {
        SimDuration(nanoseconds: other.nanoseconds.subtractingSaturating(nanoseconds))
    }

    /// The instant a span later, saturating.
    public static func + (lhs: SimInstant, rhs: SimDuration) -> SimInstant {
        lhs.advanced(by: rhs)
    }

    /// Orders instants from early to late.
    public static func < (lhs: SimInstant, rhs: SimInstant) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}
