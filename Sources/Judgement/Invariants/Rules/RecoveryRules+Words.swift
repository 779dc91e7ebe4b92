internal import Determinism

/// The words by which an agent tells its user that something did not go as it should.
enum Mentions {
    /// Something stayed undone.
    static let undone = [
        "could not", "couldn't", "cannot", "can't", "unable", "was not able", "wasn't able",
        "failed", "failure", "error", "unavailable", "not available", "timed out", "timeout",
        "try again", "sorry", "apologi", "incomplete", "partial", "interrupted", "problem",
        "issue", "went wrong", "did not succeed", "unsuccessful", "no response", "not respond",
    ]
    /// Something stood in for what should have answered.
    static let degraded = [
        "fallback", "fell back", "falling back", "backup", "back-up", "degraded", "alternative",
        "limited", "reduced", "switched to", "instead of", "secondary", "failover", "unavailable",
    ]

    /// The first word of the list that stands in one of the texts, in any case of letters.
    static func first(of words: [String], in texts: [[UInt8]]) -> String? {
        let folded = texts.map(fold)
        return words.first { word in
            let search = ByteSearch(fold(Array(word.utf8)))
            return folded.contains { search.first(in: $0) != nil }
        }
    }

    /// Lower case, with the straight apostrophe for the round one.
    private static func fold(_ bytes: [UInt8]) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        let scalars = text.unicodeScalars.map { $0 == "\u{2019}" ? "'" : $0 }
        return Array(String(String.UnicodeScalarView(scalars)).utf8)
    }
}
