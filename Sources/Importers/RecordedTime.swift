import Cassette
import Determinism

/// Reads the forms in which sources write instants and spans.
enum RecordedTime {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Nanoseconds since 1970 of an instant such as `2026-11-23T05:52:40.950681+00:00` (RFC 3339).
    static func internet(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A,
            bytes[16] == 0x3A, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            rest = rest.dropFirst(1 + digits.count)
            let padded = digits.prefix(9) + Array(repeating: 0x30, count: max(0, 9 - digits.count))
            fraction = Int64(number(padded) ?? 0)
        }
        guard let offset = offset(rest),
            let seconds = seconds(year, month, day, hour, minute, second)
        else { return nil }
        // No year beyond 2200 is taken, so that this cannot overflow.
        return (seconds - offset) * 1_000_000_000 + fraction
    }

    /// Nanoseconds since 1970 of a date such as `Wed, 19 Aug 2026 14:34:13 GMT` (RFC 9110, 5.6.7).
    static func http(_ text: String) -> Int64? {
        let words = Array(text.split { $0 == " " || $0 == "-" }.drop { $0.hasSuffix(",") })
        guard words.count >= 4, let day = Int(words[0]),
            let month = months.firstIndex(of: asciiLowercased(String(words[1].prefix(3)))),
            let year = Int(words[2])
        else { return nil }
        let clock = words[3].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3,
            let seconds = seconds(year, month + 1, day, clock[0], clock[1], clock[2])
        else { return nil }
        return seconds * 1_000_000_000
    }

    /// A span as Go writes it, such as `1m2.5s` or `350ms`; nil unless it is above zero.
    static func goSpan(_ text: String) -> SimDuration? {
        let units: [(String, Double)] = [
            ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9),
            ("m", 60e9), ("h", 3600e9),
        ]
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(letters.count)
            guard let value = Double(digits),
                let unit = units.first(where: { $0.0 == String(letters) })
            else { return nil }
            total += value * unit.1
        }
        return span(nanoseconds: total)
    }

    /// A span of so many milliseconds; nil unless it is above zero.
    static func milliseconds(_ count: Double?) -> SimDuration? {
        count.flatMap { span(nanoseconds: $0 * 1e6) }
    }

    /// A span of so many nanoseconds, a day at most; nil unless it is above zero.
    static func span(nanoseconds: Double) -> SimDuration? {
        guard nanoseconds.isFinite, nanoseconds > 0 else { return nil }
        return SimDuration(nanoseconds: Int64(min(nanoseconds, 86_400e9)))
    }

    /// Nanoseconds since 1970 of seconds since then; nil beyond any calendar.
    static func instant(seconds: Double?) -> Int64? {
        guard let seconds, seconds.isFinite, seconds > 0, seconds < 9e9 else { return nil }
        let whole = seconds.rounded(.down)
        return Int64(whole) * 1_000_000_000 + Int64((seconds - whole) * 1e6) * 1_000
    }

    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        let digits = text.dropFirst().filter { $0 != 0x3A }
        switch text.first {
        case nil, UInt8(ascii: "Z"), UInt8(ascii: "z"): return 0
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard digits.count == 4, let hours = number(digits[0..<2]),
                let minutes = number(digits[2..<4])
            else { return nil }
            let seconds = Int64(hours * 3600 + minutes * 60)
            return text.first == UInt8(ascii: "-") ? -seconds : seconds
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// Seconds since 1970, by the algorithm of Howard Hinnant's `days_from_civil`.
    private static func seconds(
        _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
    ) -> Int64? {
        guard (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
    }
}
