/// A table from lower-case words to words, written as `word=other` and read once.
struct WordTable: Sendable {
    private let entries: [String: String]
    let count: Int

    /// Underscores in the text stand for spaces.
    init(_ text: String) {
        var entries: [String: String] = [:]
        for entry in text.split(whereSeparator: \.isWhitespace) {
            let sides = entry.split(separator: "=", maxSplits: 1).map(WordTable.spaced)
            guard sides.count == 2 else { continue }
            entries[sides[0]] = sides[1]
        }
        self.entries = entries
        count = entries.count
    }

    /// The other word, in the case of the given one; regular plurals are found by their stem.
    func other(for word: String) -> String? {
        let lower = word.lowercased()
        if let other = entries[lower] { return WordTable.cased(other, like: word) }
        guard lower.hasSuffix("s"), lower.count > 3, let other = entries[String(lower.dropLast())],
            !other.contains(" "), !other.hasSuffix("s"), !other.hasSuffix("y")
        else { return nil }
        return WordTable.cased(other, like: word) + "s"
    }

    /// A word with the capitals of another: none, the first, or all.
    static func cased(_ word: String, like model: String) -> String {
        guard let first = model.first, first.isUppercase else { return word }
        if model.count > 1, model == model.uppercased() { return word.uppercased() }
        return Phrasing.raised(word)
    }

    private static func spaced(_ text: Substring) -> String {
        String(text.map { $0 == "_" ? " " : $0 })
    }
}
