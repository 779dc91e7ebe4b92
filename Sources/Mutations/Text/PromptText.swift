/// A prompt as grapheme clusters and tokens: nothing smaller than a cluster is ever cut.
struct PromptText {
    struct Token {
        enum Kind: Hashable {
            case word
            case space
            case mark
            case protected(ProtectedSpan.Kind)
        }
        let kind: Kind
        let range: Range<Int>
    }

    let clusters: [Character]
    let tokens: [Token]

    init(_ text: String) {
        let clusters = Array(text)
        self.clusters = clusters
        var tokens: [Token] = []
        var place = 0
        for span in ProtectedSpan.find(in: clusters) {
            PromptText.split(clusters, place..<span.range.lowerBound, into: &tokens)
            tokens.append(Token(kind: .protected(span.kind), range: span.range))
            place = span.range.upperBound
        }
        PromptText.split(clusters, place..<clusters.count, into: &tokens)
        self.tokens = tokens
    }

    /// The text as it came.
    var whole: String { String(clusters) }

    /// The ranges of the unprotected words.
    var words: [Range<Int>] { tokens.filter { $0.kind == .word }.map(\.range) }

    /// The unprotected clusters, each with its place.
    var open: [Int] {
        tokens.flatMap { token -> [Int] in
            if case .protected = token.kind { return [] }
            return Array(token.range)
        }
    }

    /// Whether a cluster is part of a protected span.
    func isProtected(_ place: Int) -> Bool {
        tokens.contains { token in
            guard case .protected = token.kind else { return false }
            return token.range.contains(place)
        }
    }

    /// The text of a range.
    func string(_ range: Range<Int>) -> String { String(clusters[range]) }

    /// The unprotected words of at least so many letters, without apostrophes and known names.
    ///
    /// A slip in a name would make it another name.
    func words(atLeast length: Int) -> [Range<Int>] {
        words.filter { word in
            word.count >= length && clusters[word].allSatisfy { $0.isLetter }
                && !WordLists.isName(string(word))
        }
    }

    private static func split(
        _ clusters: [Character], _ range: Range<Int>, into tokens: inout [Token]
    ) {
        var place = range.lowerBound
        while place < range.upperBound {
            var end = place + 1
            let kind: Token.Kind
            if clusters[place].isLetter {
                while end < range.upperBound, continuesWord(clusters, end, range) { end += 1 }
                kind = .word
            } else if clusters[place].isWhitespace {
                while end < range.upperBound, clusters[end].isWhitespace { end += 1 }
                kind = .space
            } else {
                kind = .mark
            }
            tokens.append(Token(kind: kind, range: place..<end))
            place = end
        }
    }

    /// A letter, or an apostrophe between two letters.
    private static func continuesWord(
        _ clusters: [Character], _ place: Int, _ range: Range<Int>
    ) -> Bool {
        if clusters[place].isLetter { return true }
        return (clusters[place] == "'" || clusters[place] == "\u{2019}")
            && place + 1 < range.upperBound && clusters[place + 1].isLetter
    }
}
