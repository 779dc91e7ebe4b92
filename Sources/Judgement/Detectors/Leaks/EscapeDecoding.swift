/// Decodes single characters that are written with signs.
enum EscapeDecoding {
    /// Percent encoding (RFC 3986); nil when there is none.
    static func percent(_ bytes: [UInt8]) -> [UInt8]? {
        replaced(bytes, sign: UInt8(ascii: "%")) { place in
            guard let high = bytes.byte(place + 1)?.hexValue,
                let low = bytes.byte(place + 2)?.hexValue
            else { return nil }
            return ([high << 4 | low], place + 3)
        }
    }

    private static let entities: [(name: [UInt8], text: [UInt8])] = [
        ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", " "),
        ("commat", "@"), ("period", "."), ("comma", ","), ("colon", ":"), ("semi", ";"),
        ("sol", "/"), ("bsol", "\\"), ("lowbar", "_"), ("hyphen", "-"), ("dash", "-"),
        ("num", "#"), ("plus", "+"), ("equals", "="), ("percnt", "%"), ("lpar", "("),
        ("rpar", ")"), ("excl", "!"), ("quest", "?"), ("dollar", "$"), ("Tab", "\t"),
        ("NewLine", "\n"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    /// Character references of HTML; nil when there is none.
    static func html(_ bytes: [UInt8]) -> [UInt8]? {
        replaced(bytes, sign: UInt8(ascii: "&")) { place in
            if bytes.byte(place + 1) == UInt8(ascii: "#") { return reference(bytes, place + 2) }
            for entity in entities where bytes.has(entity.name, at: place + 1) {
                let end = place + 1 + entity.name.count
                if bytes.byte(end) == UInt8(ascii: ";") { return (entity.text, end + 1) }
            }
            return nil
        }
    }

    /// The number of `&#65;` or `&#x41;`; browsers forgive a missing semicolon.
    private static func reference(_ bytes: [UInt8], _ start: Int) -> ([UInt8], Int)? {
        let isHex = bytes.byte(start).map { $0 | 0x20 == 0x78 } == true
        let first = isHex ? start + 1 : start
        let end = bytes.runEnd(from: min(first, bytes.count), limit: 9) {
            isHex ? $0.hexValue != nil : $0.isASCIIDigit
        }
        guard end > first, end - first <= 8 else { return nil }
        let value = bytes[first..<end].reduce(UInt32(0)) {
            ($0 &* (isHex ? 16 : 10)) &+ UInt32($1.hexValue ?? 0)
        }
        guard let text = encoded(value) else { return nil }
        return (text, bytes.byte(end) == UInt8(ascii: ";") ? end + 1 : end)
    }

    /// The escapes of JSON and JavaScript; nil when there is none.
    static func escapes(_ bytes: [UInt8]) -> [UInt8]? {
        replaced(bytes, sign: UInt8(ascii: "\\")) { place in
            guard let letter = bytes.byte(place + 1) else { return nil }
            switch letter {
            case UInt8(ascii: "n"): return ([0x0A], place + 2)
            case UInt8(ascii: "r"): return ([0x0D], place + 2)
            case UInt8(ascii: "t"): return ([0x09], place + 2)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
                return ([letter], place + 2)
            case UInt8(ascii: "x"):
                return hex(bytes, place + 2, 2).flatMap { value in
                    encoded(value).map { ($0, place + 4) }
                }
            case UInt8(ascii: "u"): return unicode(bytes, place)
            default: return nil
            }
        }
    }

    /// `\u0041`, a pair of surrogates, or `\u{41}`.
    private static func unicode(_ bytes: [UInt8], _ place: Int) -> ([UInt8], Int)? {
        if bytes.byte(place + 2) == UInt8(ascii: "{") {
            let end = bytes.runEnd(from: place + 3, limit: 6) { $0.hexValue != nil }
            guard bytes.byte(end) == UInt8(ascii: "}"),
                let value = hex(bytes, place + 3, end - place - 3), let text = encoded(value)
            else { return nil }
            return (text, end + 1)
        }
        guard let first = hex(bytes, place + 2, 4) else { return nil }
        if (0xD800...0xDBFF).contains(first), bytes.has(Array("\\u".utf8), at: place + 6),
            let second = hex(bytes, place + 8, 4), (0xDC00...0xDFFF).contains(second)
        {
            let value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            return encoded(value).map { ($0, place + 12) }
        }
        return encoded(first).map { ($0, place + 6) }
    }

    private static func hex(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt32? {
        guard count >= 1, start >= 0, start + count <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<(start + count)] {
            guard let digit = byte.hexValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func encoded(_ value: UInt32) -> [UInt8]? {
        Unicode.Scalar(value).map { Array(String($0).utf8) }
    }

    /// The text with each escape replaced; nil when the sign begins none.
    private static func replaced(
        _ bytes: [UInt8], sign: UInt8, _ decode: (Int) -> (text: [UInt8], end: Int)?
    ) -> [UInt8]? {
        guard bytes.contains(sign) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var found = false
        var place = 0
        while place < bytes.count {
            if bytes[place] == sign, let (text, end) = decode(place) {
                result += text
                place = end
                found = true
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return found ? result : nil
    }
}
