import Determinism
import Testing

@Suite("Virtual time")
struct TimeTests {
    @Test("units are nanoseconds")
    func units() {
        #expect(SimDuration.microseconds(3).nanoseconds == 3_000)
        #expect(SimDuration.milliseconds(-3).nanoseconds == -3_000_000)
        #expect(SimDuration.seconds(3).nanoseconds == 3_000_000_000)
    }

    @Test("instants and durations add up")
    func arithmetic() {
        let start = SimInstant(nanoseconds: 500)
        let end = start + .microseconds(2)
        #expect(end == start.advanced(by: .microseconds(2)))
        #expect(start < end)
        #expect(start.duration(to: end) == .microseconds(2))
        #expect(end.duration(to: start) == .zero - .microseconds(2))
    }

    @Test("beyond the range, values stay at its ends")
    func saturation() {
        let longest = SimDuration(nanoseconds: .max)
        let shortest = SimDuration(nanoseconds: .min)
        #expect(SimDuration.seconds(.max) == longest)
        #expect(SimDuration.milliseconds(.min) == shortest)
        #expect(longest + .seconds(1) == longest)
        #expect(shortest + shortest == shortest)
        #expect(shortest - .seconds(1) == shortest)
        #expect(SimDuration.zero - shortest == longest)
        #expect(SimInstant(nanoseconds: .max) + .seconds(1) == SimInstant(nanoseconds: .max))
        #expect(SimInstant(nanoseconds: .min) + shortest == SimInstant(nanoseconds: .min))
        #expect(SimInstant(nanoseconds: .min).duration(to: SimInstant(nanoseconds: 1)) == longest)
    }
}
