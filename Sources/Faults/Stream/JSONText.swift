import Determinism

/// The bytes of a JSON text, and the places in it that faults edit.
struct JSONText {
    let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The text with a line break behind each brace, bracket and comma that opens or parts
    /// members or elements.
    var brokenIntoLines: String {
        var result: [UInt8] = []
        var scan = StringScan()
        for (place, byte) in bytes.enumerated() {
            let isOutside = scan.take(byte)
            result.append(byte)
            let isBreak = [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ",")].contains(byte)
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0x0A
            let isEmpty = next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
            if isOutside, isBreak, next != 0x0A, !isEmpty { result.append(0x0A) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Where the content of each string stands that is a value, not the name of a member.
    var strings: [Range<Int>] {
        var found: [Range<Int>] = []
        var scan = StringScan()
        var start: Int?
        for (place, byte) in bytes.enumerated() {
            let wasInside = scan.isInside
            _ = scan.take(byte)
            if scan.isInside, !wasInside { start = place + 1 }
            guard wasInside, !scan.isInside, let opened = start else { continue }
            let next = bytes[(place + 1)...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            if next != UInt8(ascii: ":") { found.append(opened..<place) }
        }
        return found
    }

    /// The text with bytes put in, in each string that has this value, behind so many bytes of the
    /// value; nil when no string has it.
    func inserting(_ added: [UInt8], intoStringsOf value: String, behind count: Int) -> String? {
        var result: [UInt8] = []
        var copied = 0
        for content in strings where decoded(content) == value {
            guard let place = place(in: content, behind: count) else { continue }
            result += bytes[copied..<place] + added
            copied = place
        }
        guard copied > 0 else { return nil }
        return String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    private func decoded(_ content: Range<Int>) -> String? {
        let quote = [UInt8(ascii: "\"")]
        return (try? JSONValue.parse(quote + bytes[content] + quote))?.stringValue
    }

    /// The place in a string behind so many bytes of its value; nil inside a character.
    private func place(in content: Range<Int>, behind count: Int) -> Int? {
        var place = content.lowerBound
        var seen = 0
        while seen < count, place < content.upperBound {
            let piece = Self.pieceLength(bytes[place..<content.upperBound])
            let end = min(place + piece, content.upperBound)
            guard let value = decoded(place..<end) else { return nil }
            seen += value.utf8.count
            place = end
        }
        return seen == count ? place : nil
    }

    /// How many bytes the first character of the content of a string is written with.
    private static func pieceLength(_ rest: ArraySlice<UInt8>) -> Int {
        guard let first = rest.first else { return 0 }
        guard first == UInt8(ascii: "\\") else {
            switch first {
            case 0xC0...0xDF: return 2
            case 0xE0...0xEF: return 3
            case 0xF0...0xFF: return 4
            default: return 1
            }
        }
        let head = Array(rest.prefix(4))
        guard head.count == 4, head[1] == UInt8(ascii: "u") else { return 2 }
        // The first half of a pair: D8 to DB.
        let isPair = head[2] | 0x20 == UInt8(ascii: "d") && "89abAB".utf8.contains(head[3])
        return isPair ? 12 : 6
    }
}

/// Whether a place in a JSON text is inside a string.
private struct StringScan {
    private(set) var isInside = false
    private var isEscaped = false

    /// Takes the next byte; whether it stands outside of all strings.
    mutating func take(_ byte: UInt8) -> Bool {
        guard isInside else {
            isInside = byte == UInt8(ascii: "\"")
            return !isInside
        }
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInside = false
        }
        return false
    }
}
