/// The sentence of a request without its politeness and its last mark.
struct Phrasing {
    /// The request in the imperative, its first letter small unless it is protected.
    let core: String
    private let beginsProtected: Bool

    private static let openings = [
        "please ", "can you please ", "could you please ", "can you ", "could you ",
        "would you please ", "would you ", "will you ", "i'd like you to ", "i would like you to ",
        "i want you to ", "i need you to ", "kindly ",
    ]

    /// Takes the only sentence of a text; the mark at its end and the opening are left out.
    init(_ text: PromptText) {
        let clusters = text.clusters
        let start = clusters.firstIndex { !$0.isWhitespace } ?? clusters.count
        var end = clusters.count
        while end > start, Phrasing.isEnd(clusters[end - 1]), !text.isProtected(end - 1) {
            end -= 1
        }
        let lower = text.string(start..<end).lowercased()
        let opening = Phrasing.openings.first { lower.hasPrefix($0) } ?? ""
        let first = min(end, start + opening.count)
        beginsProtected = text.isProtected(first)
        let rest = text.string(first..<end)
        core = beginsProtected ? rest : Phrasing.lowered(rest)
    }

    /// The request with a capital first letter, unless that is protected.
    var capitalized: String { beginsProtected ? core : Phrasing.raised(core) }

    private static func isEnd(_ cluster: Character) -> Bool {
        cluster.isWhitespace || ".?!".contains(cluster)
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
