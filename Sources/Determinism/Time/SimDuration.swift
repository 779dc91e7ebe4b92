/// A span of virtual time in whole nanoseconds; arithmetic saturates instead of trapping.
///
/// Negative spans are allowed: `SimInstant.duration(to:)` gives one for an earlier instant.
public struct SimDuration: Hashable, Comparable, Sendable {
    /// The span in nanoseconds.
    public var nanoseconds: Int64

    /// A span of so many nanoseconds.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The empty span.
    public static let zero = SimDuration(nanoseconds: 0)

    /// A span of so many microseconds, saturating.
    public static func microseconds(_ count: Int64) -> SimDuration {
        SimDuration(nanoseconds: count.multipliedSaturating(by: 1_000))
    }

    /// A span of so many milliseconds, saturating.
    public static func milliseconds(_ count: Int64) -> SimDuration {
        SimDuration(nanoseconds: count.multipliedSaturating(by: 1_000_000))
    }

    /// A span of so many seconds, saturating.
    public static func seconds(_ count: Int64) -> SimDuration {
        SimDuration(nanoseconds: count.multipliedSaturating(by: 1_000_000_000))
    }

    /// The sum of two spans, saturating.
    public static func + (lhs: SimDuration, rhs: SimDuration) -> SimDuration {
        SimDuration(nanoseconds: lhs.nanoseconds.addingSaturating(rhs.nanoseconds))
    }

    /// The difference of two spans, saturating.
    public static func - (lhs: SimDuration, rhs: SimDuration) -> SimDuration {
        SimDuration(nanoseconds: lhs.nanoseconds.subtractingSaturating(rhs.nanoseconds))
    }

    /// Adds a span in place, saturating.
    public static func += (lhs: inout SimDuration, rhs: SimDuration) {
        lhs = lhs + rhs
    }

    /// Orders spans by length; negative ones come first.
    public static func < (lhs: SimDuration, rhs: SimDuration) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}

// A plan or a cassette may hold any number: a delay near Int64.max must end a run as "endless",
// never trap in the middle of it.
extension Int64 {
    func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard overflow else { return sum }
        return other < 0 ? .min : .max
    }

    func subtractingSaturating(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard overflow else { return difference }
        return other < 0 ? .max : .min
    }

    func multipliedSaturating(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        guard overflow else { return product }
        return (self < 0) == (factor < 0) ? .max : .min
    }
}
