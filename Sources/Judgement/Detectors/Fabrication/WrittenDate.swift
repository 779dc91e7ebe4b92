/// A date as it stands in a text, with each day that it may mean.
///
/// `03/05/2024` may be the 3rd of May or the 5th of March: both are readings.
struct WrittenDate {
    let readings: [CalendarDay]
    let end: Int

    private init?(_ readings: [CalendarDay?], end: Int, in bytes: [UInt8]) {
        let days = readings.compactMap { $0 }
        guard !days.isEmpty, Self.isFree(bytes, end) else { return nil }
        self.readings = days
        self.end = end
    }

    /// The date that begins at a place, which must be the beginning of a word.
    static func read(_ bytes: [UInt8], at start: Int) -> WrittenDate? {
        guard let first = bytes.byte(start), first.isASCIIAlphanumeric else { return nil }
        if let previous = bytes.byte(start - 1) {
            guard !previous.isASCIIWord, previous < 0x80 else { return nil }
            if "-./".utf8.contains(previous), bytes.byte(start - 2)?.isASCIIDigit == true {
                return nil
            }
        }
        return first.isASCIIDigit
            ? numeric(bytes, start) ?? dayFirst(bytes, start) : monthFirst(bytes, start)
    }

    /// Where to look next when there is no date at a place: behind its word.
    static func next(_ bytes: [UInt8], after place: Int) -> Int {
        max(place + 1, bytes.runEnd(from: place, \.isASCIIWord))
    }

    private static func number(
        _ bytes: [UInt8], _ start: Int, _ counts: ClosedRange<Int>
    ) -> (value: Int, end: Int, count: Int)? {
        let end = bytes.runEnd(from: start, limit: 5, \.isASCIIDigit)
        guard counts.contains(end - start) else { return nil }
        return (bytes[start..<end].reduce(0) { $0 * 10 + $1.digitValue }, end, end - start)
    }

    private static func numeric(_ bytes: [UInt8], _ start: Int) -> WrittenDate? {
        guard let first = number(bytes, start, 1...4), let separator = bytes.byte(first.end),
            "-/.".utf8.contains(separator),
            let second = number(bytes, first.end + 1, 1...2), bytes.byte(second.end) == separator,
            let third = number(bytes, second.end + 1, 1...4)
        else { return nil }
        if first.count == 4, third.count <= 2 {
            let day = CalendarDay(year: first.value, month: second.value, day: third.value)
            return WrittenDate([day], end: third.end, in: bytes)
        }
        // Two digits of a year only after slashes: `1.2.34` is a version.
        let isShort = third.count == 2 && separator == UInt8(ascii: "/")
        guard first.count <= 2, third.count == 4 || isShort else { return nil }
        let years = isShort ? [2000 + third.value, 1900 + third.value] : [third.value]
        let readings = years.flatMap { year in
            [
                CalendarDay(year: year, month: second.value, day: first.value),
                separator == UInt8(ascii: ".")
                    ? nil : CalendarDay(year: year, month: first.value, day: second.value),
            ]
        }
        return WrittenDate(readings, end: third.end, in: bytes)
    }

    /// `5 March 2024`, `5th of March, 2024`, `5. März`.
    private static func dayFirst(_ bytes: [UInt8], _ start: Int) -> WrittenDate? {
        guard let day = number(bytes, start, 1...2) else { return nil }
        var place = afterOrdinal(bytes, day.end)
        place = afterGap(bytes, place, words: ["of", "de"])
        guard place > day.end, let month = MonthNames.read(bytes, at: place) else { return nil }
        if let year = year(bytes, after: month.end),
            let date = WrittenDate(
                [CalendarDay(year: year.value, month: month.month, day: day.value)],
                end: year.end, in: bytes)
        {
            return date
        }
        let short = CalendarDay(year: nil, month: month.month, day: day.value)
        return WrittenDate([short], end: month.end, in: bytes)
    }

    /// `March 5, 2024`, `March 5th`, `March 2024`.
    private static func monthFirst(_ bytes: [UInt8], _ start: Int) -> WrittenDate? {
        guard let month = MonthNames.read(bytes, at: start) else { return nil }
        if let year = year(bytes, after: month.end) {
            let day = CalendarDay(year: year.value, month: month.month, day: nil)
            return WrittenDate([day], end: year.end, in: bytes)
        }
        let place = afterGap(bytes, month.end, words: [])
        guard place > month.end, let day = number(bytes, place, 1...2) else { return nil }
        let end = afterOrdinal(bytes, day.end)
        if let year = year(bytes, after: end),
            let date = WrittenDate(
                [CalendarDay(year: year.value, month: month.month, day: day.value)],
                end: year.end, in: bytes)
        {
            return date
        }
        let short = CalendarDay(year: nil, month: month.month, day: day.value)
        return WrittenDate([short], end: end, in: bytes)
    }

    private static func year(_ bytes: [UInt8], after place: Int) -> (value: Int, end: Int)? {
        let start = afterGap(bytes, place, words: ["of", "de"])
        guard start > place, let year = number(bytes, start, 4...4) else { return nil }
        return (year.value, year.end)
    }

    private static func afterOrdinal(_ bytes: [UInt8], _ place: Int) -> Int {
        let ending = bytes[place..<min(place + 2, bytes.count)].lowered
        let isOrdinal = ["st", "nd", "rd", "th"].contains { ending == Array($0.utf8) }
        return isOrdinal && bytes.byte(place + 2)?.isASCIIWord != true ? place + 2 : place
    }

    /// Behind a comma or point, a space or hyphen, and one of the words with its space.
    private static func afterGap(_ bytes: [UInt8], _ start: Int, words: [String]) -> Int {
        var place = start
        if let byte = bytes.byte(place), ",.".utf8.contains(byte) { place += 1 }
        if let byte = bytes.byte(place), byte == 0x20 || byte == UInt8(ascii: "-") { place += 1 }
        for word in words.map({ Array("\($0) ".utf8) }) where bytes.has(word, at: place) {
            return place + word.count
        }
        return place
    }

    /// A date ends where no longer number or word goes on; a time of day may follow a `T`.
    private static func isFree(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard let next = bytes.byte(end) else { return true }
        let second = bytes.byte(end + 1)
        if next == UInt8(ascii: "T") { return second?.isASCIIDigit == true }
        if "-./".utf8.contains(next) { return second?.isASCIIDigit != true }
        return !next.isASCIIWord
    }
}
