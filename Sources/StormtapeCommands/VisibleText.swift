/// Texts for a terminal: what cannot be seen, or would command the terminal, is escaped.
enum VisibleText {
    static func escaped(_ text: String) -> String {
        text.map { cluster in
            isEmoji(cluster) ? String(cluster) : cluster.unicodeScalars.map(escaped).joined()
        }.joined()
    }

    private static let shortMax = 40

    static func short(_ text: String) -> String {
        let whole = escaped(String(text.prefix(shortMax)))
        return text.count > shortMax ? whole + "..." : whole
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        if scalar == "\n" { return "\\n" }
        if scalar == "\t" { return "\\t" }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return number(scalar)
        case .spaceSeparator:
            return scalar == " " ? " " : number(scalar)
        default:
            return scalar.properties.isVariationSelector
                ? number(scalar) : String(Character(scalar))
        }
    }

    private static func number(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16))}"
    }

    /// Emoji join their parts by signs that would be escaped elsewhere.
    private static func isEmoji(_ cluster: Character) -> Bool {
        guard let first = cluster.unicodeScalars.first, first.properties.isEmoji,
            first.value > 0xFF
        else { return false }
        return cluster.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isEmoji || scalar == "\u{200D}" || scalar == "\u{FE0F}"
        }
    }
}
