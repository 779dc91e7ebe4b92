/// Text of others, made fit for a message.
enum PlainText {
    static let lengthMax = 60

    /// One line of at most so many characters, 60 unless told, without signs that command a
    /// terminal or cannot be seen.
    static func clipped(_ text: String, to lengthMax: Int = lengthMax) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(lengthMax + 1) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
                .unassigned:
                shown.append(" ")
            default: shown.append(scalar)
            }
        }
        guard shown.count > lengthMax else { return String(shown) }
        return String(String.UnicodeScalarView(shown.prefix(lengthMax - 1))) + "…"
    }
}
