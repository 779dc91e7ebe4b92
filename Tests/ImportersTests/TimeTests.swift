import Determinism
import Testing

@testable import Importers

@Suite("Recorded and made-up time") struct TimeTests {
    @Test(
        "Instants are read in the forms of the sources",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64?.some(0)),
            ("2026-11-23T05:52:40.950681+00:00", 1_795_413_160_950_681_000),
            ("2023-03-30T00:00:54.250Z", 1_680_134_454_250_000_000),
            ("2023-03-30T02:00:54.25+02:00", 1_680_134_454_250_000_000),
            ("2024-02-29T23:59:59.1234567891-0130", 1_709_256_599_123_456_789),
            ("2026-13-23T05:52:40Z", nil), ("9999-01-01T00:00:00Z", nil), ("2026-11-23", nil),
            ("2026-11-23T05:52:40+0", nil), ("2026-11-23T05:52:40.x", nil),
        ])
    func internet(_ text: String, _ expected: Int64?) {
        #expect(RecordedTime.internet(text) == expected)
    }

    @Test(
        "Dates of header lines are read",
        arguments: [
            ("Wed, 19 Aug 2026 14:34:13 GMT", Int64?.some(1_787_150_053_000_000_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("yesterday", nil), ("Wed, 19 Aug", nil),
            ("Wed, 40 Aug 2026 14:34:13 GMT", nil), ("Wed, 19 Aug 2026 14:34 GMT", nil),
        ])
    func http(_ text: String, _ expected: Int64?) {
        #expect(RecordedTime.http(text) == expected)
    }

    @Test(
        "Spans of Go are read, and nothing beyond a day",
        arguments: [
            ("1.145270042s", Int64?.some(1_145_270_042)), ("350ms", 350_000_000),
            ("1m2.5s", 62_500_000_000), ("12µs", 12_000), ("900h", 86_400_000_000_000),
            ("0s", nil), ("-3s", nil), ("3", nil), ("", nil), ("1e999s", nil), ("nans", nil),
        ])
    func goSpan(_ text: String, _ expected: Int64?) {
        #expect(RecordedTime.goSpan(text)?.nanoseconds == expected)
    }

    @Test("Where nothing is known, the head comes after 20 ms and each chunk 5 ms later")
    func unknown() {
        let schedule = SyntheticTiming.schedule(
            lengths: [3, 3], timing: .unknown, isStream: true)
        #expect(schedule.head == .milliseconds(20))
        #expect(schedule.chunks == [.milliseconds(25), .milliseconds(30)])
        #expect(schedule.end == .milliseconds(30))
    }

    @Test("A known span is spread over the chunks by their bytes")
    func spread() {
        let timing = ImportedTiming(head: .milliseconds(40), end: .milliseconds(100))
        let schedule = SyntheticTiming.schedule(
            lengths: [10, 20, 30], timing: timing, isStream: true)
        #expect(schedule.head == .milliseconds(40))
        #expect(
            schedule.chunks == [.milliseconds(50), .milliseconds(70), .milliseconds(100)])
        #expect(schedule.end == .milliseconds(100))
    }

    @Test("Of a duration alone a stream takes all, a document the end")
    func duration() {
        let timing = ImportedTiming(head: nil, end: .milliseconds(300))
        let stream = SyntheticTiming.schedule(lengths: [1, 1], timing: timing, isStream: true)
        #expect(stream.head == .milliseconds(100))
        #expect(stream.chunks == [.milliseconds(200), .milliseconds(300)])
        let document = SyntheticTiming.schedule(lengths: [9], timing: timing, isStream: false)
        #expect(document.head == .milliseconds(300))
        #expect(document.chunks == [.milliseconds(300)])
    }

    @Test("Spans that make no sense give an order all the same")
    func nonsense() {
        let backwards = ImportedTiming(head: .milliseconds(50), end: .milliseconds(10))
        let schedule = SyntheticTiming.schedule(
            lengths: [1], timing: backwards, isStream: false)
        #expect(schedule.chunks == [.milliseconds(55)])
        let empty = SyntheticTiming.schedule(
            lengths: [], timing: ImportedTiming(head: nil, end: .seconds(1)), isStream: true)
        #expect(empty.end == .seconds(1))
        let huge = ImportedTiming(head: .zero, end: SimDuration(nanoseconds: .max))
        let wide = SyntheticTiming.schedule(
            lengths: [1 << 40, 1 << 40], timing: huge, isStream: true)
        #expect(wide.chunks.last?.nanoseconds == .max)
    }
}
