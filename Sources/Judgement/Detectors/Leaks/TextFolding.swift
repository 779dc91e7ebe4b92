/// Folds what looks alike into one form: lower case, no marks, Latin letters.
///
/// This is near to NFKC with case folding and the skeleton of UTS 39, by tables of our own: the
/// standard library has no public way to either, and its tables change with its version.
enum TextFolding {
    static func folded(_ text: String) -> [UInt8] { folded(Array(text.utf8)) }

    static func folded(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes.lowered }
        let table = FoldingTables.replacements
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar.value < 0x80 {
                result.append(UInt8(scalar.value).asciiLowered)
            } else if HiddenCharacters.isInvisible(scalar) || isMark(scalar) {
                continue
            } else if let letter = styled(scalar.value) {
                result.append(letter)
            } else if let text = table[scalar.value] {
                result += text
            } else {
                // Simple lower case of one scalar; Cyrillic and Greek capitals come back as
                // letters.
                for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                    result += table[lower.value] ?? Array(String(lower).utf8)
                }
            }
        }
        return result
    }

    /// Letters and digits only; anything beyond ASCII stays.
    static func compacted(_ folded: [UInt8]) -> [UInt8] {
        folded.filter { $0.isASCIIAlphanumeric || $0 >= 0x80 }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x36F, 0x483...0x489, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF,
            0xFE20...0xFE2F:
            true
        default: false
        }
    }

    /// The letter or digit behind a full-width, mathematical, circled or small form.
    private static func styled(_ value: UInt32) -> UInt8? {
        switch value {
        case 0xFF01...0xFF5E: return UInt8(value - 0xFF01 + 0x21).asciiLowered
        case 0x1D7CE...0x1D7FF: return UInt8(0x30 + (value - 0x1D7CE) % 10)
        // 13 alphabets of 52 letters; what is missing in them stands in the table.
        case 0x1D400...0x1D6A3: return UInt8(0x61 + (value - 0x1D400) % 52 % 26)
        case 0x24B6...0x24E9: return UInt8(0x61 + (value - 0x24B6) % 26)
        case 0x249C...0x24B5: return UInt8(0x61 + (value - 0x249C))
        case 0x1F110...0x1F129: return UInt8(0x61 + (value - 0x1F110))
        case 0x1F130...0x1F149: return UInt8(0x61 + (value - 0x1F130))
        case 0x1F150...0x1F169: return UInt8(0x61 + (value - 0x1F150))
        case 0x1F170...0x1F189: return UInt8(0x61 + (value - 0x1F170))
        case 0x1F1E6...0x1F1FF: return UInt8(0x61 + (value - 0x1F1E6))
        case 0x2460...0x2468: return UInt8(0x31 + (value - 0x2460))
        case 0x2474...0x247C: return UInt8(0x31 + (value - 0x2474))
        case 0x2488...0x2490: return UInt8(0x31 + (value - 0x2488))
        case 0x2080...0x2089: return UInt8(0x30 + (value - 0x2080))
        case 0x2074...0x2079: return UInt8(0x34 + (value - 0x2074))
        default: return nil
        }
    }
}
