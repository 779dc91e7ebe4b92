/// Characters that no one sees, and the texts that travel in them.
enum HiddenCharacters {
    /// Zero-width, direction and format characters, fillers, variation selectors and tags.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F,
            0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF,
            0xFFA0, 0xFFF9...0xFFFB, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// The text in tag characters, each 0xE0000 above its ASCII character.
    static func tags(_ bytes: [UInt8]) -> [UInt8]? {
        hidden(bytes) { value in
            (0xE0020...0xE007E).contains(value) ? UInt8(value - 0xE0000) : nil
        }
    }

    /// The bytes in variation selectors: the first 16 have the low values.
    static func selectors(_ bytes: [UInt8]) -> [UInt8]? {
        let found = hidden(bytes) { value in
            switch value {
            case 0xFE00...0xFE0F: UInt8(value - 0xFE00)
            case 0xE0100...0xE01EF: UInt8(value - 0xE0100 + 16)
            default: nil
            }
        }
        return found.flatMap { PrintableText.extracted(from: $0) }
    }

    private static func hidden(_ bytes: [UInt8], _ byte: (UInt32) -> UInt8?) -> [UInt8]? {
        guard bytes.contains(where: { $0 == 0xF3 || $0 == 0xEF }) else { return nil }
        var found: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if let byte = byte(scalar.value) { found.append(byte) }
        }
        return found.isEmpty ? nil : found
    }
}

/// What of decoded bytes can be text.
enum PrintableText {
    static let runMin = 4

    /// The runs of at least four printable bytes of ASCII or of characters beyond, on a line each;
    /// nil when there is none.
    static func extracted(from bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let end = printableEnd(bytes, place)
            if end - place >= runMin {
                if !result.isEmpty { result.append(0x0A) }
                result += bytes[place..<end]
            }
            place = max(end, place + 1)
        }
        return result.isEmpty ? nil : result
    }

    private static func printableEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if byte < 0x80 {
                guard byte >= 0x20 && byte != 0x7F || byte.isASCIISpace else { return place }
                place += 1
            } else {
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                guard byte >= 0xC2, byte < 0xF5, place + length <= bytes.count,
                    bytes[(place + 1)..<(place + length)].allSatisfy({ $0 >> 6 == 2 })
                else { return place }
                place += length
            }
        }
        return place
    }
}
