/// Decodes the runs of a text that may be base64 or hexadecimal.
enum RunDecoding {
    private static let base64Min = 8
    private static let hexMin = 8
    /// Encoders that break lines do so after this many characters or more.
    private static let lineMin = 48

    /// What the runs of base64 decode to, on a line each; nil when none is text.
    ///
    /// A run may be glued to the end of a path or word, so that its groups begin later: the other
    /// three beginnings are tried when the first gives no clean text.
    static func base64(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            guard LenientBase64.value(of: bytes[place]) != nil else {
                place += 1
                continue
            }
            let end = base64End(bytes, place)
            if end - place >= base64Min { append(decoded(bytes[place..<end]), to: &result) }
            place = end
        }
        return result.isEmpty ? nil : result
    }

    private static func append(_ text: [UInt8]?, to result: inout [UInt8]) {
        guard let text else { return }
        if !result.isEmpty { result.append(0x0A) }
        result += text
    }

    private static func decoded(_ run: ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = LenientBase64.decode(run) else { return nil }
        let text = PrintableText.extracted(from: first)
        if let text, text == first { return text }
        var result = text ?? []
        for shift in 1...3 {
            guard let other = LenientBase64.decode(run.dropFirst(shift)),
                let text = PrintableText.extracted(from: other)
            else { continue }
            append(text, to: &result)
        }
        return result.isEmpty ? nil : result
    }

    private static func base64End(_ bytes: [UInt8], _ start: Int) -> Int {
        var (place, line) = (start, start)
        while place < bytes.count {
            if LenientBase64.value(of: bytes[place]) != nil {
                place += 1
                continue
            }
            guard place - line >= lineMin, let next = afterLineEnd(bytes, place),
                let byte = bytes.byte(next), LenientBase64.value(of: byte) != nil
            else { break }
            (place, line) = (next, next)
        }
        return place
    }

    private static func afterLineEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
        for end in ["\r\n", "\n", "\\n", " "].map({ Array($0.utf8) })
        where bytes.has(end, at: place) {
            return place + end.count
        }
        return nil
    }

    /// What the runs of hexadecimal pairs decode to, on a line each; nil when none is text.
    static func hex(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            guard bytes[place].hexValue != nil else {
                place += 1
                continue
            }
            let (digits, end) = hexRun(bytes, place)
            if digits.count >= hexMin {
                append(PrintableText.extracted(from: pairs(digits[...])), to: &result)
                append(PrintableText.extracted(from: pairs(digits.dropFirst())), to: &result)
            }
            place = end
        }
        return result.isEmpty ? nil : result
    }

    private static func pairs(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    /// The values of digits, with separators between pairs: space, colon, hyphen, comma, `\x` or
    /// `0x`.
    private static func hexRun(_ bytes: [UInt8], _ start: Int) -> (digits: [UInt8], end: Int) {
        var digits: [UInt8] = []
        var place = start
        while place < bytes.count {
            // `0x` names the base and is no pair.
            if bytes[place] == 0x30, bytes.byte(place + 1).map({ $0 | 0x20 == 0x78 }) == true {
                place += 2
                continue
            }
            if let digit = bytes[place].hexValue {
                digits.append(digit)
                place += 1
                continue
            }
            guard digits.count % 2 == 0, let next = afterSeparator(bytes, place),
                bytes.byte(next)?.hexValue != nil,
                bytes.byte(next + 1).map({
                    $0.hexValue != nil || $0 | 0x20 == 0x78
                }) == true
            else { break }
            place = next
        }
        return (digits, max(place, start + 1))
    }

    private static func afterSeparator(_ bytes: [UInt8], _ place: Int) -> Int? {
        for separator in ["\\x", ", ", " ", ":", "-", ","].map({ Array($0.utf8) })
        where bytes.has(separator, at: place) {
            return place + separator.count
        }
        return nil
    }
}
