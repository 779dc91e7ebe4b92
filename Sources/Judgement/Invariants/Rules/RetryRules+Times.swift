internal import Determinism

/// Times as header lines write them.
enum WireTime {
    /// About 127 years: what is longer is no time to wait.
    private static let nanosecondsMax: Int64 = 4_000_000_000_000_000_000
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A decimal number of units, such as `1.5`; nil for a sign, `inf` and what is no number.
    static func decimal(_ text: String, unit: Int64) -> SimDuration? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first.flatMap({ digits($0) }) else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy(isDigit) else { return nil }
            var scale = unit
            for byte in parts[1].utf8.prefix(9) {
                scale /= 10
                fraction += Int64(byte - 0x30) * scale
            }
        }
        let (product, overflows) = whole.multipliedReportingOverflow(by: unit)
        guard !overflows, product < nanosecondsMax else { return nil }
        return SimDuration(nanoseconds: product + fraction)
    }

    /// A duration as Go writes it, such as `6m0s` or `20ms`.
    static func goDuration(_ text: String) -> SimDuration? {
        let units: [(name: String, nanoseconds: Int64)] = [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
            ("ms", 1_000_000), ("us", 1_000), ("µs", 1_000), ("ns", 1),
        ]
        var rest = text[...]
        var sum = SimDuration.zero
        guard !rest.isEmpty, text.utf8.count <= 64 else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0 == "." || $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let unit = units.first(where: { $0.name == name }),
                let part = decimal(String(number), unit: unit.nanoseconds),
                sum.nanoseconds < nanosecondsMax
            else { return nil }
            sum += part
        }
        return sum
    }

    /// Seconds since 1970 of `Thu, 01 Jan 2026 00:00:00 GMT` (RFC 9110, 5.6.7).
    static func httpDate(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = digits(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = digits(parts[3])
        else { return nil }
        return seconds(year, Int64(month) + 1, day, clock: parts[4])
    }

    /// Seconds since 1970 of `2026-01-01T00:00:00Z` (RFC 3339, in UTC).
    static func internetDate(_ text: String) -> Int64? {
        guard text.hasSuffix("Z") else { return nil }
        let halves = text.dropLast().split(separator: "T")
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-").map { digits($0) }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2] else {
            return nil
        }
        let clock = halves[1].split(separator: ".").first ?? ""
        return seconds(year, month, day, clock: clock)
    }

    private static func seconds(
        _ year: Int64, _ month: Int64, _ day: Int64, clock: Substring
    ) -> Int64? {
        let time = clock.split(separator: ":").map { digits($0) }
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            time.count == 3, let hour = time[0], let minute = time[1], let second = time[2],
            hour < 24, minute < 60, second <= 60
        else { return nil }
        // Years begin in March, so that the day of a leap year comes last.
        let (years, months) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let days = years * 365 + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5
        return (((days + day - 719_469) * 24 + hour) * 60 + minute) * 60 + second
    }

    private static func digits(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy(isDigit) else {
            return nil
        }
        return Int64(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
