internal import Determinism

/// Text of an agent made short: a line of ten megabytes, or a letter with as many accents, tells
/// no more than its begin.
enum BoundedText {
    /// One safe line of at most so many scalars, with the number of those that are missing.
    static func line(_ text: String, _ scalarsMax: Int) -> String {
        SafeText.line(head(text, scalarsMax))
    }

    /// Safe lines, at most so many, each of them short.
    static func lines(_ bytes: [UInt8], count: Int, scalarsMax: Int = 400) -> [String] {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).suffix(count + 1)
        let texts = lines.map {
            line(String(decoding: withoutColor(Array($0)), as: UTF8.self), scalarsMax)
        }
        return Array((texts.last == "" ? texts.dropLast() : texts[...]).suffix(count))
    }

    /// The begin of a text.
    static func head(_ text: String, _ scalarsMax: Int) -> String {
        let scalars = text.unicodeScalars
        guard
            let end = scalars.index(
                scalars.startIndex, offsetBy: scalarsMax, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return text }
        let rest = scalars.distance(from: end, to: scalars.endIndex)
        return String(scalars[..<end]) + "… (\(rest) more)"
    }

    /// Without the sequences that set colours, `ESC [ … m`; all others stay, to be made visible.
    static func withoutColor(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0x1B) else { return bytes }
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...].prefix(40)
            if rest.starts(with: [0x1B, 0x5B]),
                let last = rest.dropFirst(2).firstIndex(where: { !isParameter($0) }),
                bytes[last] == UInt8(ascii: "m")
            {
                index = last + 1
            } else {
                kept.append(bytes[index])
                index += 1
            }
        }
        return kept
    }

    private static func isParameter(_ byte: UInt8) -> Bool {
        (0x30...0x3B).contains(byte)
    }
}
