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

    /// The word; `said` is false where the provider has none for it.
    func word(for finish: AnswerFinish) -> (said: Bool, word: String?) {
        switch finish {
        case .unsaid: return (true, nil)
        case .other(let word): return (true, word)
        default:
            let word = words.first { $0.finish == finish }?.word
            return (word != nil, word)
        }
    }
}
