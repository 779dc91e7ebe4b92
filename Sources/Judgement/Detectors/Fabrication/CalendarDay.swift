/// A day of the calendar as written: the year may be missing, or the day.
package struct CalendarDay: Hashable, Sendable {
    package let year: Int?
    package let month: Int
    package let day: Int?

    /// Nil when there is no such day.
    init?(year: Int?, month: Int, day: Int?) {
        guard (1...12).contains(month), year.map({ (1...9999).contains($0) }) ?? true else {
            return nil
        }
        if let day {
            let isLeap = year.map { $0 % 4 == 0 && ($0 % 100 != 0 || $0 % 400 == 0) } ?? true
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            guard (1...lengths[month - 1]).contains(day) else { return nil }
        }
        self.year = year
        self.month = month
        self.day = day
    }
}
