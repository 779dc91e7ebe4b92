/// Text of an agent made safe for a terminal: nothing in it can move the cursor, change colours,
/// set a title or turn the order of characters round.
enum SafeText {
    /// One line: line breaks and tabs are spaces, control characters are shown as pictures.
    static func line(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: out.append(" ")
            case 0..<0x20: out.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: out.append("\u{2421}")
            default: out.append(scalar.isHidden ? "\u{FFFD}" : scalar)
            }
        }
        return String(out)
    }

    /// The last lines of output that are not blank.
    static func lastLines(_ bytes: [UInt8], count: Int) -> [String] {
        String(decoding: bytes, as: UTF8.self)
            .split { $0.isNewline }
            .map { line(String($0)) }
            .filter { $0.contains { $0 != " " } }
            .suffix(count)
    }
}
