/// An instant as HTTP writes it, such as `Thu, 01 Jan 2026 00:00:00 GMT` (RFC 9110, 5.6.7).
struct HTTPDate: Hashable {
    /// Seconds since 1970.
    let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Reads the one form that may be written; nil for anything else, a leap second among it.
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].count == 4, parts[5] == "GMT",
            let day = HTTPDate.number(parts[1], 1...31),
            let month = HTTPDate.months.firstIndex(of: String(parts[2])),
            let year = HTTPDate.number(parts[3], 1970...9999)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = HTTPDate.number(clock[0], 0...23),
            let minute = HTTPDate.number(clock[1], 0...59),
            let second = HTTPDate.number(clock[2], 0...59)
        else { return nil }
        let days = HTTPDate.days(year: year, month: Int64(month) + 1, day: day)
        seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
        // No other weekday, no 31st of February, no sign and no missing zero.
        guard self.text == text else { return nil }
    }

    /// The text.
    var text: String {
        let days = HTTPDate.floor(seconds, by: 86_400)
        let (year, month, day) = HTTPDate.civil(days)
        // The first day of 1970 was a Thursday.
        let weekday = HTTPDate.weekdays[Int(days + 4 - HTTPDate.floor(days + 4, by: 7) * 7)]
        return "\(weekday), \(HTTPDate.padded(day)) \(HTTPDate.months[month - 1]) \(year) "
            + clock + " GMT"
    }

    /// As RFC 3339 writes it, in UTC.
    var internetText: String {
        let (year, month, day) = HTTPDate.civil(HTTPDate.floor(seconds, by: 86_400))
        return "\(year)-\(HTTPDate.padded(Int64(month)))-\(HTTPDate.padded(day))T\(clock)Z"
    }

    /// The time of the day.
    private var clock: String {
        let rest = seconds - HTTPDate.floor(seconds, by: 86_400) * 86_400
        return [rest / 3600, rest / 60 % 60, rest % 60].map(HTTPDate.padded)
            .joined(separator: ":")
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard let value = Int64(text), range.contains(value) else { return nil }
        return value
    }

    private static func padded(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func floor(_ value: Int64, by divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    // Days and dates of the Gregorian calendar: years begin in March, so that the day of a leap
    // year comes last, and 400 of them are 146,097 days.

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let era = floor(year, by: 400)
        let ofEra = year - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int64) {
        let shifted = days + 719_468
        let era = floor(shifted, by: 146_097)
        let day = shifted - era * 146_097
        let ofEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let ofYear = day - (365 * ofEra + ofEra / 4 - ofEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + ofEra + (month <= 2 ? 1 : 0)
        return (year, Int(month), ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
