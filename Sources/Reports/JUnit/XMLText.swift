internal import Cassette

/// Text made safe for XML 1.0, whatever an agent wrote.
enum XMLText {
    /// For the text between tags: `]]>` cannot appear, since every `>` is escaped.
    static func content(_ text: String) -> String {
        escaped(text, inAttribute: false)
    }

    /// For a value between double quotes: line breaks and tabs would be read as spaces.
    static func attribute(_ text: String) -> String {
        escaped(text, inAttribute: true)
    }

    private static func escaped(_ text: String, inAttribute: Bool) -> String {
        var out = String.UnicodeScalarView()
        // Jenkins attaches the file that is named so, wherever it lies; an agent must not.
        let unattached = replacing("[[ATTACHMENT", with: "[ [ATTACHMENT", in: text)
        for scalar in unattached.unicodeScalars {
            switch scalar {
            case "&": out.append(contentsOf: "&amp;".unicodeScalars)
            case "<": out.append(contentsOf: "&lt;".unicodeScalars)
            case ">": out.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r":
                // A bare carriage return would be read as a line feed.
                let isKept = !inAttribute && scalar != "\r"
                if isKept {
                    out.append(scalar)
                } else {
                    out.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
                }
            default: out.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return String(out)
    }

    // Source: XML 1.0 (fifth edition), production 2, Char. Left out beside what is no Char: further
    // control characters, marks that turn text round or cannot be seen, and noncharacters.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isHidden { return false }
        return switch scalar.value {
        case 0xFDD0...0xFDEF: false
        case 0x20...0xFFFD, 0x10000...0x10FFFF: scalar.value & 0xFFFE != 0xFFFE
        default: false
        }
    }
}
