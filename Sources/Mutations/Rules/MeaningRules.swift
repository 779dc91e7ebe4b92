internal import Determinism

/// Words for words: of the same meaning, of another, of a known other one.
enum MeaningRules {
    static let mutations = [
        Mutation(
            "A word is replaced by a synonym.",
            [
                MutationVariant("synonym-wordnet", .metamorphic) {
                    context throws(MutationRefusal) in
                    try context.edited(
                        context.words(in: .synonyms), orRefuse: "no word with a known synonym")
                }
            ]),
        Mutation(
            "A word is replaced by its opposite or by a more general one.",
            [
                MutationVariant(
                    "antonym", .directional, aliases: ["semantic_similarity_attack"]
                ) { context throws(MutationRefusal) in
                    try context.edited(
                        context.words(in: .antonyms), orRefuse: "no word with a known opposite")
                },
                MutationVariant("hypernym", .directional) { context throws(MutationRefusal) in
                    try context.edited(
                        context.words(in: .hypernyms),
                        orRefuse: "no word with a known more general one")
                },
            ]),
        Mutation(
            "Two words are contracted, or a contraction is written out.",
            [
                MutationVariant("contract", .metamorphic, edit: contract),
                MutationVariant("expand-contraction", .metamorphic) {
                    context throws(MutationRefusal) in
                    try context.edited(
                        expansions(context), orRefuse: "no contraction with one reading")
                },
            ]),
        Mutation(
            "A name, a place or a number is replaced, everywhere in the same way.",
            [
                MutationVariant("change-name", .directional) { context throws(MutationRefusal) in
                    try renamed(context, WordLists.firstNames, "no first name of the list")
                },
                MutationVariant("change-location", .directional) {
                    context throws(MutationRefusal) in
                    try renamed(context, WordLists.places, "no place of the list")
                },
                MutationVariant("change-number", .directional, edit: changeNumber),
            ]),
        Mutation(
            "The request is negated, or a negation is taken out.",
            [MutationVariant("negation", .directional, edit: negate)]),
    ]

    /// Typographic apostrophes are read as plain ones.
    private static func expansions(
        _ context: MutationContext
    ) -> [MutationContext.Replacement] {
        context.text.words.compactMap { word in
            let plain = String(context.text.clusters[word].map { $0 == "\u{2019}" ? "'" : $0 })
            guard plain.contains("'") else { return nil }
            return WordTable.expansions.other(for: plain).map { .init(word, $0) }
        }
    }

    private static func contract(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let tokens = context.text.tokens
        var candidates: [MutationContext.Replacement] = []
        for index in tokens.indices where tokens[index].kind == .word {
            let word = tokens[index].range
            var ends = [word.upperBound]
            if index + 2 < tokens.count, tokens[index + 1].kind == .space,
                tokens[index + 1].range.count == 1, tokens[index + 2].kind == .word
            {
                ends.insert(tokens[index + 2].range.upperBound, at: 0)
            }
            for end in ends where (candidates.last?.range.upperBound ?? 0) <= word.lowerBound {
                let range = word.lowerBound..<end
                if let short = WordTable.contractions.other(for: context.text.string(range)) {
                    candidates.append(.init(range, short))
                    break
                }
            }
        }
        return try context.edited(candidates, orRefuse: "nothing that can be contracted")
    }

    /// One draw a name: the same name gets the same other name everywhere.
    private static func renamed(
        _ context: MutationContext, _ names: [String], _ reason: String
    ) throws(MutationRefusal) -> Edited {
        let candidates = context.text.words.compactMap { word -> MutationContext.Replacement? in
            guard let index = names.firstIndex(of: context.text.string(word)) else { return nil }
            let step = 1 + context.draws.below(names.count - 1, .content, at: index)
            return .init(word, names[(index + step) % names.count])
        }
        guard !candidates.isEmpty else { throw MutationRefusal(reason) }
        return context.applying(candidates)
    }

    /// Other digits in the same places, but not of dates and times.
    ///
    /// Equal numbers stay equal, and the first digit is not zero.
    private static func changeNumber(
        _ context: MutationContext
    ) throws(MutationRefusal) -> Edited {
        let candidates = context.text.tokens.compactMap {
            token -> MutationContext.Replacement? in
            guard token.kind == .protected(.number),
                PlainNumber(context.text.clusters[token.range]) != nil
            else { return nil }
            let number = context.text.string(token.range)
            let key = Digest(hashing: Array(number.utf8)).bytes
            let place = key.prefix(3).reduce(0) { $0 << 8 | Int($1) }
            var digits = 0
            let changed = context.text.clusters[token.range].map { cluster -> Character in
                guard cluster.isASCII, let digit = cluster.wholeNumberValue else { return cluster }
                let isFirst = digits == 0
                digits += 1
                let draw = context.draws.below(9, .content, at: place &+ digits)
                if isFirst, digit > 0 { return numeral(1 + (digit - 1 + 1 + draw % 8) % 9) }
                return numeral((digit + 1 + draw) % 10)
            }
            return digits == 0 ? nil : .init(token.range, String(changed))
        }
        guard !candidates.isEmpty else { throw MutationRefusal("no plain number") }
        return context.applying(candidates)
    }

    private static func numeral(_ digit: Int) -> Character {
        Character(Unicode.Scalar(UInt8(0x30 + max(0, digit) % 10)))
    }

    private static func negate(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        try context.demandText()
        let words = context.text.words
        if let word = words.first(where: { context.text.string($0).lowercased() == "not" }) {
            let clusters = context.text.clusters
            let hasSpace = word.upperBound < clusters.count && clusters[word.upperBound] == " "
            let end = word.upperBound + (hasSpace ? 1 : 0)
            return context.applying([.init(word.lowerBound..<end, "")])
        }
        let auxiliary = words.dropFirst().first {
            WordLists.auxiliaries.contains(context.text.string($0).lowercased())
        }
        if let auxiliary {
            return context.applying([.init(auxiliary.upperBound..<auxiliary.upperBound, " not")])
        }
        guard let first = words.first else { throw MutationRefusal("no open word") }
        let word = context.text.string(first)
        let second = words.dropFirst().first
        if word.lowercased() == "please", let second {
            return context.applying([.init(second.lowerBound..<second.lowerBound, "do not ")])
        }
        return context.applying([.init(first, "Do not " + Phrasing.lowered(word))])
    }
}
