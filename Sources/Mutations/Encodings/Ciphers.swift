/// Letters for letters: the old ciphers.
enum Ciphers {
    /// Each letter so many places further, 0...25.
    static func caesar(_ text: String, by shift: UInt8) -> String {
        mapped(text) { ($0 + shift % 26) % 26 }
    }

    /// Each letter thirteen places further: its own inverse.
    static func rot13(_ text: String) -> String { caesar(text, by: 13) }

    /// The alphabet backwards: its own inverse.
    static func atbash(_ text: String) -> String {
        mapped(text) { 25 - $0 }
    }

    /// The clusters in reverse order.
    static func reversed(_ text: String) -> String { String(text.reversed()) }

    /// A space between all clusters.
    static func spaced(_ text: String) -> String {
        text.map { String($0) }.joined(separator: " ")
    }

    /// Letters as the digits that look like them.
    static func leet(_ text: String) -> String {
        text.map { cluster in
            let small = Character(cased: cluster.lowercased()) ?? cluster
            return GlyphTables.leet[small] ?? String(cluster)
        }.joined()
    }

    private static func mapped(_ text: String, _ place: (UInt8) -> UInt8) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let first: UInt8
            switch scalar.value {
            case 0x41...0x5A: first = 0x41
            case 0x61...0x7A: first = 0x61
            default:
                scalars.append(scalar)
                continue
            }
            let letter = UInt8(truncatingIfNeeded: scalar.value) - first
            scalars.append(Unicode.Scalar(first + place(letter)))
        }
        return String(scalars)
    }
}
