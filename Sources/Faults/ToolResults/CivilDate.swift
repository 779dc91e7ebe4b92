/// A day of the Gregorian calendar, as `2026-03-01` names it.
struct CivilDate: Hashable {
    let year: Int
    let month: Int
    let day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date with which a text begins; nil when it begins with none.
    init?(prefixOf text: String) {
        let bytes = Array(text.utf8.prefix(11))
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int? {
            range.reduce(into: Int?(0)) { value, place in
                let digit = Int(bytes[place]) - 0x30
                value = (0...9).contains(digit) ? value.map { $0 * 10 + digit } : nil
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            (1...12).contains(month), day >= 1, day <= CivilDate.days(in: month, of: year),
            bytes.count == 10 || !(0x30...0x39).contains(bytes[10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day after.
    var nextDay: CivilDate {
        if day < CivilDate.days(in: month, of: year) {
            return CivilDate(year: year, month: month, day: day + 1)
        }
        if month < 12 { return CivilDate(year: year, month: month + 1, day: 1) }
        return CivilDate(year: min(year + 1, 9_999), month: 1, day: 1)
    }

    /// As in ISO 8601.
    var text: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
