internal import Determinism

/// Words that are cut, joined, dropped, doubled or moved.
enum WordRules {
    static let mutations = [
        Mutation(
            "Spaces come into words or go from between them.",
            [
                MutationVariant("word-split", .metamorphic, edit: split),
                MutationVariant("word-merge", .metamorphic, edit: merge),
                MutationVariant("missing-space", .metamorphic, edit: missingSpace),
            ]),
        Mutation(
            "Words without much meaning go; others come twice or change places.",
            [
                MutationVariant("word-drop-stopword", .metamorphic, edit: dropStopWord),
                MutationVariant("word-duplicate", .metamorphic, edit: duplicate),
                MutationVariant("word-swap-adjacent", .metamorphic, edit: swap),
            ]),
    ]

    private static func split(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = context.text.words(atLeast: 4).map { word in
            let offset = context.draws.below(word.count - 3, .content, at: word.lowerBound)
            let place = word.lowerBound + 2 + offset
            return MutationContext.Replacement(place..<place, " ")
        }
        return try context.edited(candidates, orRefuse: "no open word has four letters")
    }

    /// Triples of tokens: something, one white space, something.
    private static func gaps(
        _ context: MutationContext
    ) -> [(before: PromptText.Token, space: Range<Int>, after: PromptText.Token)] {
        let tokens = context.text.tokens
        return tokens.indices.dropFirst().dropLast().compactMap { index in
            guard tokens[index].kind == .space, tokens[index].range.count == 1 else { return nil }
            return (tokens[index - 1], tokens[index].range, tokens[index + 1])
        }
    }

    private static func merge(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = gaps(context)
            .filter { $0.before.kind == .word && $0.after.kind == .word }
            .map { MutationContext.Replacement($0.space, "") }
        return try context.edited(candidates, orRefuse: "no two open words stand side by side")
    }

    private static func missingSpace(
        _ context: MutationContext
    ) throws(MutationRefusal) -> Edited {
        let candidates = gaps(context)
            .filter { $0.before.kind == .mark && $0.after.kind == .word }
            .map { MutationContext.Replacement($0.space, "") }
        return try context.edited(candidates, orRefuse: "no space behind a punctuation mark")
    }

    /// Each stop word with the white space behind it, taken out.
    static func stopWords(_ context: MutationContext) -> [MutationContext.Replacement] {
        let tokens = context.text.tokens
        return tokens.indices.compactMap { index in
            let word = tokens[index].range
            guard tokens[index].kind == .word, index + 1 < tokens.count,
                tokens[index + 1].kind == .space,
                WordLists.stopWords.contains(context.text.string(word).lowercased())
            else { return nil }
            return .init(word.lowerBound..<tokens[index + 1].range.upperBound, "")
        }
    }

    private static func dropStopWord(
        _ context: MutationContext
    ) throws(MutationRefusal) -> Edited {
        try context.edited(stopWords(context), orRefuse: "no stop word")
    }

    private static func duplicate(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = context.text.words.map { word in
            MutationContext.Replacement(
                word.upperBound..<word.upperBound, " " + context.text.string(word))
        }
        return try context.edited(candidates, orRefuse: "no open word")
    }

    private static func swap(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = gaps(context).compactMap { gap -> MutationContext.Replacement? in
            guard gap.before.kind == .word, gap.after.kind == .word else { return nil }
            let (left, right) = (gap.before.range, gap.after.range)
            let text =
                context.text.string(right) + context.text.string(gap.space)
                + context.text.string(left)
            return .init(left.lowerBound..<right.upperBound, text)
        }
        return try context.edited(candidates, orRefuse: "no two open words stand side by side")
    }
}
