import Determinism

/// A provider's words for why an answer ended.
struct FinishWords {
    private let words: [(word: String, finish: AnswerFinish)]

    /// Creates a table.
    init(_ words: [(word: String, finish: AnswerFinish)]) {
        self.words = words
    }

    /// What a word means; a word that is not in the table is carried as it is.
    func finish(of word: String?) -> AnswerFinish {
        guard let word else { return .unsaid }
        return words.first { ExactText.areSame($0.word, word) }?.finish ?? .other(word)
    }

    /// The word; `isSaid` is false where the provider has none for it.
    func word(for finish: AnswerFinish) -> (isSaid: Bool, word: String?) {
        switch finish {
        case .unsaid: return (true, nil)
        case .other(let word): return (true, word)
        default:
            let word = words.first { $0.finish == finish }?.word
            return (word != nil, word)
        }
    }

    /// The word as a value, null for an answer that does not say; nil where there is no word.
    func value(for finish: AnswerFinish) -> JSONValue? {
        let (isSaid, word) = word(for: finish)
        guard isSaid else { return nil }
        return word.map { .string($0) } ?? .some(.null)
    }
}
