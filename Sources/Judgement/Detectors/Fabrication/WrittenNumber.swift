/// A number as it stands in a text, with each value that it may have.
///
/// `1.234` is one and a bit, or a thousand and more where points group the digits: both are
/// readings.
struct WrittenNumber {
    let readings: [PlainDecimal]
    let isPercent: Bool
    let end: Int

    private static let lengthMax = 40
    private static let words: [(name: [UInt8], tenfold: Int)] = [
        ("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12),
    ].map { (Array($0.0.utf8), $0.1) }

    /// The number whose first digit is at a place.
    static func read(_ bytes: [UInt8], at start: Int, spacesGroup: Bool) -> WrittenNumber? {
        var end = start
        var groups: [(range: Range<Int>, separator: UInt8?)] = []
        while end - start < lengthMax {
            let next = bytes.runEnd(from: end, limit: lengthMax, \.isASCIIDigit)
            guard next > end else { break }
            groups.append((end..<next, groups.isEmpty ? nil : bytes[end - 1]))
            end = next
            guard let separator = bytes.byte(next), separator != 0x20 || spacesGroup,
                continues(bytes, separator, at: next)
            else { break }
            end = next + 1
        }
        guard let last = groups.last else { return nil }
        return WrittenNumber(bytes, groups: groups, end: last.range.upperBound)
    }

    /// A separator goes on when a digit follows; a space or quote only before three digits.
    private static func continues(_ bytes: [UInt8], _ separator: UInt8, at place: Int) -> Bool {
        guard ".,'_ ".utf8.contains(separator), bytes.byte(place + 1)?.isASCIIDigit == true else {
            return false
        }
        if separator == UInt8(ascii: ".") || separator == UInt8(ascii: ",") { return true }
        return bytes.runEnd(from: place + 1, limit: 4, \.isASCIIDigit) == place + 4
    }

    private init(
        _ bytes: [UInt8], groups: [(range: Range<Int>, separator: UInt8?)], end: Int
    ) {
        let texts = groups.map { Array(bytes[$0.range]) }
        let separators = groups.compactMap(\.separator)
        let (tenfold, unitEnd) = Self.unit(bytes, end)
        let decimals = Self.values(texts, separators, tenfold: tenfold)
        let percent = Self.percentEnd(bytes, unitEnd)
        isPercent = percent != nil
        readings = decimals
        self.end = percent ?? unitEnd
    }

    private static func values(
        _ texts: [[UInt8]], _ separators: [UInt8], tenfold: Int
    ) -> [PlainDecimal] {
        guard let first = texts.first, let last = texts.last else { return [] }
        guard let mark = separators.last else {
            return [PlainDecimal(whole: first, fraction: [], tenfold: tenfold)]
        }
        let inner = texts.dropFirst()
        let mayGroup =
            (1...3).contains(first.count) && inner.allSatisfy { $0.count == 3 }
            && Set(separators).count == 1
        var values: [PlainDecimal] = []
        if mayGroup {
            values.append(PlainDecimal(whole: texts.joined(), fraction: [], tenfold: tenfold))
        }
        let grouping = separators.dropLast()
        let isPoint = mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",")
        let isRegular =
            grouping.isEmpty
            || Set(grouping).count == 1 && grouping.first != mark
                && texts.dropFirst().dropLast().allSatisfy { $0.count == 3 }
        if isPoint, isRegular {
            let whole = texts.dropLast().joined()
            values.append(PlainDecimal(whole: whole, fraction: last, tenfold: tenfold))
        }
        return values
    }

    /// The power of ten that a word or letter names: `1.2 million`, `3k`.
    private static func unit(_ bytes: [UInt8], _ end: Int) -> (tenfold: Int, end: Int) {
        if let letter = bytes.byte(end), letter | 0x20 == UInt8(ascii: "k"),
            bytes.byte(end + 1)?.isASCIIWord != true
        {
            return (3, end + 1)
        }
        if bytes.byte(end) == UInt8(ascii: "M"), bytes.byte(end + 1)?.isASCIIWord != true {
            return (6, end + 1)
        }
        guard let space = bytes.byte(end), space == 0x20 || space == 0x2D else { return (0, end) }
        let stop = bytes.runEnd(from: end + 1, limit: 9, \.isASCIILetter)
        let word = bytes[(end + 1)..<stop].lowered
        for row in words where row.name == word { return (row.tenfold, stop) }
        return (0, end)
    }

    /// The end of a sign or word of per cent.
    private static func percentEnd(_ bytes: [UInt8], _ end: Int) -> Int? {
        for sign in ["%", " %", " percent", " per cent"].map({ Array($0.utf8) })
        where bytes.has(sign, at: end) {
            return end + sign.count
        }
        return nil
    }
}
