internal import Determinism

/// Slips of the fingers, of the scanner and of the spelling: one to a word.
enum TypoRules {
    static let mutations = [
        Mutation(
            "A letter is replaced by a neighbour on the keyboard.",
            [
                MutationVariant("typo-keyboard", .metamorphic, aliases: ["noise"]) {
                    context throws(MutationRefusal) in try keyboard(context, .qwerty)
                },
                MutationVariant("typo-keyboard-qwertz", .metamorphic) {
                    context throws(MutationRefusal) in try keyboard(context, .qwertz)
                },
                MutationVariant("typo-keyboard-azerty", .metamorphic) {
                    context throws(MutationRefusal) in try keyboard(context, .azerty)
                },
            ]),
        Mutation(
            "A letter inside a word is moved, lost, added or replaced.",
            [
                slip("typo-transpose") { letters, place, _ in
                    guard place + 2 < letters.count, letters[place] != letters[place + 1] else {
                        return nil
                    }
                    return letters[..<place] + [letters[place + 1], letters[place]]
                        + letters[(place + 2)...]
                },
                slip("typo-delete") { letters, place, _ in
                    letters[..<place] + letters[(place + 1)...]
                },
                slip("typo-insert") { letters, place, letter in
                    letters[..<place] + [letter] + letters[place...]
                },
                slip("typo-double") { letters, place, _ in
                    letters[...place] + letters[place...]
                },
                slip("typo-substitute") { letters, place, letter in
                    letters[place] == letter
                        ? nil : letters[..<place] + [letter] + letters[(place + 1)...]
                },
            ]),
        Mutation(
            "A letter is misread, as a scanner does.",
            [MutationVariant("typo-ocr", .metamorphic, edit: scanned)]),
        Mutation(
            "A word is misspelt, as people often do.",
            [MutationVariant("typo-common", .metamorphic, edit: misspelt)]),
    ]

    private typealias Slip =
        @Sendable (ArraySlice<Character>, Int, Character) -> ArraySlice<Character>?

    private static let lettersMin = 4

    /// A slip at a drawn place that is neither the first nor the last letter of a word.
    private static func slip(_ name: String, _ change: @escaping Slip) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            let words = context.text.words(atLeast: lettersMin)
            let candidates = words.compactMap { word -> MutationContext.Replacement? in
                let letters = context.text.clusters[word][...]
                let start = context.draws.below(word.count - 2, .position, at: word.lowerBound)
                let draw = context.draws.below(26, .content, at: word.lowerBound)
                let letter = Character(Unicode.Scalar(UInt8(0x61 + draw)))
                for step in 0..<(word.count - 2) {
                    let place = 1 + (start + step) % (word.count - 2)
                    let whole = Array(letters)[...]
                    if let changed = change(whole, place, letter), changed != whole {
                        return .init(word, String(changed))
                    }
                }
                return nil
            }
            return try context.edited(candidates, orRefuse: "no open word has four letters")
        }
    }

    private static func keyboard(
        _ context: MutationContext, _ layout: KeyboardLayout
    ) throws(MutationRefusal) -> Edited {
        let candidates = context.text.words(atLeast: lettersMin).compactMap { word in
            let inner = Array(word.dropFirst().dropLast())
                .filter { !layout.neighbours(of: context.text.clusters[$0]).isEmpty }
            let index = context.draws.below(inner.count, .position, at: word.lowerBound)
            guard inner.indices.contains(index) else {
                return nil as MutationContext.Replacement?
            }
            let place = inner[index]
            let keys = layout.neighbours(of: context.text.clusters[place])
            return context.one(of: keys, at: place).map { .init(place..<(place + 1), $0) }
        }
        return try context.edited(
            candidates, orRefuse: "no open word has four letters of this keyboard")
    }

    private static func scanned(
        _ context: MutationContext
    ) throws(MutationRefusal) -> Edited {
        let clusters = context.text.clusters
        let candidates = context.text.words.flatMap { word in
            word.compactMap { place -> MutationContext.Replacement? in
                let readings = GlyphTables.scanned.filter { pair in
                    let end = place + pair.right.count
                    return end <= word.upperBound && String(clusters[place..<end]) == pair.right
                }
                return context.one(of: readings, at: place).map {
                    .init(place..<(place + $0.right.count), $0.wrong)
                }
            }
        }
        return try context.edited(candidates, orRefuse: "no open letter is easily misread")
    }

    private static func misspelt(
        _ context: MutationContext
    ) throws(MutationRefusal) -> Edited {
        try context.edited(
            context.words(in: .misspellings), orRefuse: "no word with a known misspelling")
    }
}

extension MutationContext {
    /// The open words that a table knows, with what it has for them.
    func words(in table: WordTable) -> [Replacement] {
        text.words.compactMap { word in
            table.other(for: text.string(word)).map { Replacement(word, $0) }
        }
    }
}
