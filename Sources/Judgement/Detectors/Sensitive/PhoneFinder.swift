/// Finds telephone numbers: with `+` and a country's code (E.164), and those of North America.
///
/// The code in parentheses is a strong form; one without, and a number that begins with 0, count
/// only beside a word such as "phone".
enum PhoneFinder {
    private static let context = ContextWords([
        "phone", "tel", "mobile", "cell", "fax", "sms", "whatsapp", "dial", "call me", "call us",
        "call back", "contact", "handy",
    ])
    private static let digitsMax = 15
    private static let lengthMax = 32

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard let end = match(bytes, at: place) else {
                place += 1
                continue
            }
            sink.add(.phone, place..<end, in: bytes)
            place = end
        }
    }

    private static func match(_ bytes: [UInt8], at start: Int) -> Int? {
        let byte = bytes[start]
        guard byte.isASCIIDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "(") else {
            return nil
        }
        if let previous = bytes.byte(start - 1) {
            guard !previous.isASCIIWord, !"+-./:=(".utf8.contains(previous) || isLabel(bytes, start)
            else { return nil }
        }
        guard !byte.isASCIIDigit || mayBegin(bytes, at: start),
            let number = Written(bytes, from: start)
        else { return nil }
        if byte == UInt8(ascii: "+") { return number.isInternational ? number.end : nil }
        guard number.isNorthAmerican || number.isNational else { return nil }
        // Three groups of a price list look like a number too, so only parentheses are strong.
        let isStrong = number.isNorthAmerican && byte == UInt8(ascii: "(")
        return isStrong || context.occur(near: start..<number.end, in: bytes) ? number.end : nil
    }

    /// Whether digits can begin a national number; this spares reading most numbers whole.
    private static func mayBegin(_ bytes: [UInt8], at start: Int) -> Bool {
        let end = bytes.runEnd(from: start, limit: 12, \.isASCIIDigit)
        switch end - start {
        case 3, 10: return true
        case 1 where bytes[start] == UInt8(ascii: "1"):
            let next = min(end + 1, bytes.count)
            let area = bytes.runEnd(from: next, limit: 4, \.isASCIIDigit)
            return area - next == 3 || bytes.byte(next) == UInt8(ascii: "(")
        default: return bytes[start] == UInt8(ascii: "0")
        }
    }

    /// Whether what stands before only names the number: `tel:`, `phone=`, an opening parenthesis.
    private static func isLabel(_ bytes: [UInt8], _ start: Int) -> Bool {
        guard let previous = bytes.byte(start - 1) else { return true }
        return (":=(".utf8.contains(previous)) && bytes.byte(start - 2)?.isASCIIDigit != true
    }

    /// Digits in groups, as they stand in the text.
    private struct Written {
        var groups: [[UInt8]] = [[]]
        var end: Int
        private var digits: [UInt8] { groups.flatMap { $0 } }

        /// Reads groups with single separators, a parenthesis also with a space.
        init?(_ bytes: [UInt8], from start: Int) {
            var place = start
            if bytes[place] == UInt8(ascii: "+") { place += 1 }
            end = place
            var count = 0
            while place < bytes.count, place - start <= lengthMax {
                let byte = bytes[place]
                if byte.isASCIIDigit {
                    guard count < digitsMax else { return nil }
                    groups[groups.count - 1].append(byte)
                    count += 1
                    end = place + 1
                } else if " -.()/".utf8.contains(byte) {
                    let isAfterParenthesis = bytes.byte(place - 1) == UInt8(ascii: ")")
                    let isBefore = byte == UInt8(ascii: "(") && bytes.byte(place - 1) == 0x20
                    guard
                        groups.last?.isEmpty == false || place == start || isAfterParenthesis
                            || isBefore
                    else { break }
                    if groups.last?.isEmpty == false { groups.append([]) }
                } else {
                    break
                }
                place += 1
            }
            if groups.last?.isEmpty == true { groups.removeLast() }
            guard count >= 8, !isJoined(bytes) else { return nil }
        }

        /// Whether the last digit is part of a word or of a longer number.
        private func isJoined(_ bytes: [UInt8]) -> Bool {
            guard let next = bytes.byte(end) else { return false }
            if next.isASCIIWord || next == UInt8(ascii: "@") { return true }
            return ".,:-/".utf8.contains(next) && bytes.byte(end + 1)?.isASCIIAlphanumeric == true
        }

        private static let dates = [[4, 2, 2], [2, 2, 4]]

        private var isDate: Bool { Self.dates.contains(groups.map(\.count)) }

        /// Whether it is a date, or one with an hour behind it.
        private var beginsWithDate: Bool { Self.dates.contains(groups.prefix(3).map(\.count)) }

        /// A country's code, 8 to 15 digits in all; that of North America is checked whole.
        var isInternational: Bool {
            guard let first = digits.first, (8...digitsMax).contains(digits.count), !isDate else {
                return false
            }
            if first == UInt8(ascii: "1") {
                return digits.count == 11 && Self.isSubscriber(digits.dropFirst())
            }
            return first != UInt8(ascii: "0") && Set(digits).count > 2
                && CountryCodes.begin(digits)
        }

        /// Ten digits as 3-3-4 or bare, with a leading 1 or not.
        var isNorthAmerican: Bool {
            var rest = groups[...]
            if rest.first == [0x31] { rest = rest.dropFirst() }
            let counts = rest.map(\.count)
            return (counts == [3, 3, 4] || counts == [10]) && Self.isSubscriber(rest.joined())
        }

        /// A number as dialled within another country: 0, then 9 to 11 digits in groups.
        var isNational: Bool {
            digits.first == UInt8(ascii: "0") && (10...12).contains(digits.count)
                && groups.count >= 2 && !beginsWithDate && Set(digits).count > 3
        }

        /// Area and exchange begin with 2 to 9 and are no service codes such as 911.
        private static func isSubscriber(_ digits: some Sequence<UInt8>) -> Bool {
            let digits = Array(digits)
            guard digits.count == 10, digits[0] >= 0x32, digits[3] >= 0x32 else { return false }
            return !(digits[1] == 0x31 && digits[2] == 0x31)
        }
    }
}

/// The codes of countries; source: ITU-T E.164, list of assigned codes.
enum CountryCodes {
    /// Whole ranges of three digits whose codes are all given, or nearly.
    private static let three: Set<Int> = {
        let ranges: [ClosedRange<Int>] = [
            211...213, 216...216, 218...218, 220...258, 260...269, 290...291, 297...299, 350...359,
            370...389, 420...421, 423...423, 500...509, 590...599, 670...670, 672...683, 685...692,
            800...800, 808...808, 850...850, 852...853, 855...856, 870...870, 878...878, 880...883,
            886...886, 888...888, 960...968, 970...977, 979...979, 992...996, 998...998,
        ]
        return Set(ranges.flatMap { Array($0) })
    }()
    private static let two: Set<Int> = [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55,
        56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]

    static func begin(_ digits: [UInt8]) -> Bool {
        guard digits.count >= 3 else { return false }
        let values = digits.prefix(3).map(\.digitValue)
        let twoDigits = values[0] * 10 + values[1]
        return values[0] == 1 || values[0] == 7 || two.contains(twoDigits)
            || three.contains(twoDigits * 10 + values[2])
    }
}
