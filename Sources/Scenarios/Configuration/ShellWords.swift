/// Splits a command as a shell does, without expanding anything.
package enum ShellWords {
    /// The words of a text; nil where a quote is not closed.
    ///
    /// Single quotes keep all, double quotes let `\"` and `\\` through, and a backslash outside of
    /// quotes keeps the next character.
    package static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            switch (quote, character) {
            case (nil, "'"), (nil, "\""):
                quote = character
                word = word ?? ""
            case (nil, "\\"):
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? "") + String(next)
            case (nil, _) where character.isWhitespace:
                if let word { words.append(word) }
                word = nil
            case ("\"", "\\"):
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? "") + (next == "\"" || next == "\\" ? "" : "\\") + String(next)
            case (quote, _) where character == quote:
                quote = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        return words + (word.map { [$0] } ?? [])
    }

    /// Characters that only mean something to a shell.
    static func needsShell(_ text: String) -> Bool {
        guard let words = split(text) else { return false }
        return words.contains { ["|", "||", "&&", ";", "&", ">", ">>", "<", "2>&1"].contains($0) }
    }
}
