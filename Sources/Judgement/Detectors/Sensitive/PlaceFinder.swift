/// Finds pairs of latitude and longitude with four or more decimals beside a word of the context.
enum PlaceFinder {
    private static let context = ContextWords([
        "gps", "lat", "lon", "lng", "coord", "location", "position", "geo", "map",
    ])
    private static let decimalsMin = 4
    private static let lengthMax = 16
    private static let gapMax = 20

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            let isStart = bytes[place].isASCIIDigit || bytes[place] == UInt8(ascii: "-")
            guard isStart, bytes.byte(place - 1)?.isASCIIWord != true,
                bytes.byte(place - 1) != UInt8(ascii: "."),
                let latitude = degrees(bytes, at: place, max: 90)
            else {
                place += 1
                continue
            }
            if let start = second(bytes, after: latitude),
                let end = degrees(bytes, at: start, max: 180),
                context.occur(near: place..<end, in: bytes)
                    || context.occur(before: start, within: start - latitude, in: bytes)
            {
                sink.add(.gps, place..<end, in: bytes)
                place = end
            } else {
                place = latitude
            }
        }
    }

    /// The end of a number of degrees with enough decimals.
    private static func degrees(_ bytes: [UInt8], at start: Int, max: Int) -> Int? {
        var place = start
        if let byte = bytes.byte(place), "+-".utf8.contains(byte) { place += 1 }
        let point = bytes.runEnd(from: place, limit: 4, \.isASCIIDigit)
        guard (1...3).contains(point - place), bytes.byte(point) == UInt8(ascii: ".") else {
            return nil
        }
        let whole = bytes[place..<point].reduce(0) { $0 * 10 + $1.digitValue }
        let end = bytes.runEnd(from: point + 1, limit: lengthMax, \.isASCIIDigit)
        guard whole <= max, end - point - 1 >= decimalsMin, end - point <= lengthMax,
            bytes.byte(end)?.isASCIIWord != true
        else { return nil }
        return end
    }

    /// Where the second number begins: after a comma, or after the name of a JSON member.
    private static func second(_ bytes: [UInt8], after end: Int) -> Int? {
        var place = end
        var hasSeparator = false
        while let byte = bytes.byte(place), place - end <= gapMax {
            if byte.isASCIIDigit || byte == UInt8(ascii: "-") { return hasSeparator ? place : nil }
            guard byte.isASCIILetter || ",;:=\"' _\t\n°/".utf8.contains(byte) else { return nil }
            hasSeparator = hasSeparator || !byte.isASCIILetter
            place += 1
        }
        return nil
    }
}
