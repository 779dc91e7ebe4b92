/// A day of the calendar as its digits.
struct CalendarDate {
    let year: String
    let month: String
    let day: String

    private static let names = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    private static let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// Reads `2031-04-28`.
    init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return nil }
        self.init(parts[0], parts[1], parts[2])
    }

    /// Reads `April 28, 2031` and `April 28 2031`.
    init?(long text: String) {
        let parts = text.split { $0 == " " || $0 == "," }.map(String.init)
        guard parts.count == 3, let month = CalendarDate.names.firstIndex(of: parts[0]) else {
            return nil
        }
        self.init(
            parts[2], Radix.padded(String(month + 1), to: 2), Radix.padded(parts[1], to: 2))
    }

    private init?(_ year: String, _ month: String, _ day: String) {
        let isDigits = (year + month + day).utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isDigits, year.count == 4, month.count == 2, day.count == 2,
            let number = Int(month), CalendarDate.names.indices.contains(number - 1),
            let date = Int(day), (1...CalendarDate.lengths[number - 1]).contains(date)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date as ISO 8601 has it.
    var iso: String { "\(year)-\(month)-\(day)" }

    /// The English name of the month.
    var monthName: String {
        let index = (Int(month) ?? 1) - 1
        return CalendarDate.names.indices.contains(index) ? CalendarDate.names[index] : month
    }
}
