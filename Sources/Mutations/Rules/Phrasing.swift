/// The sentence of a request without its politeness and its last mark.
struct Phrasing {
    /// The request in the imperative, its first letter small.
    let core: String

    private static let openings = [
        "please ", "can you please ", "could you please ", "can you ", "could you ",
        "would you please ", "would you ", "will you ", "i'd like you to ", "i would like you to ",
        "i want you to ", "i need you to ", "kindly ",
    ]

    /// Takes the only sentence of a text; the mark at its end and the opening are left out.
    init(_ text: PromptText) {
        var clusters = text.clusters[...]
        while let first = clusters.first, first.isWhitespace { clusters.removeFirst() }
        while let last = clusters.last, last.isWhitespace || ".?!".contains(last) {
            clusters.removeLast()
        }
        let sentence = String(clusters)
        let lower = sentence.lowercased()
        let opening = Phrasing.openings.first { lower.hasPrefix($0) } ?? ""
        core = Phrasing.lowered(String(sentence.dropFirst(opening.count)))
    }

    /// A text with a small first letter, unless its first word is a name or an acronym.
    static func lowered(_ text: String) -> String {
        let word = text.prefix { $0.isLetter }
        let isName =
            WordLists.isName(String(word)) || word == "I" || text.hasPrefix("I'")
            || word.dropFirst().contains { $0.isUppercase }
        return isName ? text : text.prefix(1).lowercased() + text.dropFirst()
    }

    /// A text with a capital first letter.
    static func raised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
