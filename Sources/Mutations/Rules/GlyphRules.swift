internal import Determinism

/// The same letters in other code points, and signs that nobody sees.
enum GlyphRules {
    static let mutations = [
        Mutation(
            "The text is put in a Unicode normal form.",
            [
                normal("unicode-nfc", "no letter and mark that make one letter") {
                    Normalization.compose($0)
                },
                normal("unicode-nfd", "no letter that comes apart into letter and mark") {
                    Normalization.decompose($0)
                },
                normal("unicode-nfkc", "no sign with a plain reading") {
                    let plain = Normalization.simplify($0)
                    return plain.map { Normalization.compose($0) }.joined()
                },
                normal("unicode-nfkd", "no sign with a plain reading") {
                    let plain = Normalization.simplify($0)
                    return plain.map { Normalization.decompose($0) }.joined()
                },
            ]),
        Mutation(
            "Letters are replaced by look-alikes of other scripts.",
            [
                letters("homoglyph", .metamorphic) { GlyphTables.homoglyphs[$0] },
                MutationVariant("homoglyph-all", .hostile) { context throws(MutationRefusal) in
                    context.mapped { GlyphTables.homoglyphs[$0] }
                },
            ]),
        Mutation(
            "Invisible signs come between letters.",
            [
                between("zero-width", ["\u{200B}", "\u{200C}", "\u{200D}"]),
                between("invisible", ["\u{2060}", "\u{FEFF}", "\u{AD}"]),
            ]),
        Mutation(
            "Control signs turn the reading order around or delete what is shown.",
            [
                MutationVariant("bidi-reorder", .hostile, edit: reorder),
                MutationVariant("delete-ctrl", .hostile, edit: delete),
            ]),
        Mutation(
            "Letters carry marks that do not belong to them.",
            [
                MutationVariant("zalgo", .hostile) { context throws(MutationRefusal) in
                    let letters = context.text.clusters.indices
                        .filter { context.text.clusters[$0].isLetter }
                    return try context.edited(
                        letters.map { .init($0..<($0 + 1), zalgo(context, $0)) },
                        orRefuse: "no letter")
                },
                letters("diacritics", .metamorphic) { GlyphTables.diacritics[$0] },
            ]),
        Mutation(
            "A command in invisible signs stands behind the text.",
            [
                hidden("tag-chars", Hidden.tags), hidden("variation-selector", Hidden.selectors),
                hidden("sneaky-bits", Hidden.bits),
            ]),
    ]

    private static func normal(
        _ name: String, _ reason: String, _ form: @escaping @Sendable (Character) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            let candidates = context.text.open.compactMap {
                place -> MutationContext.Replacement? in
                let cluster = context.text.clusters[place]
                let other = form(cluster)
                return other.utf8.elementsEqual(String(cluster).utf8)
                    ? nil : .init(place..<(place + 1), other)
            }
            guard !candidates.isEmpty else { throw MutationRefusal(reason) }
            return context.applying(candidates)
        }
    }

    private static func letters(
        _ name: String, _ expectation: MutationClass,
        _ form: @escaping @Sendable (Character) -> String?
    ) -> MutationVariant {
        MutationVariant(name, expectation) { context throws(MutationRefusal) in
            let candidates = context.text.words.flatMap { Array($0) }.compactMap { place in
                form(context.text.clusters[place]).map {
                    MutationContext.Replacement(place..<(place + 1), $0)
                }
            }
            return try context.edited(candidates, orRefuse: "no open letter of the table")
        }
    }

    private static func between(_ name: String, _ signs: [String]) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            let candidates = context.text.words.flatMap { word in
                word.dropFirst().map { place in
                    MutationContext.Replacement(
                        place..<place, context.one(of: signs, at: place) ?? "")
                }
            }
            return try context.edited(candidates, orRefuse: "no open word has two letters")
        }
    }

    /// Words backwards inside an override, so that they are shown as they were.
    private static func reorder(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = context.text.words(atLeast: 3).map { word in
            let backwards = String(context.text.clusters[word].reversed())
            return MutationContext.Replacement(word, "\u{202E}" + backwards + "\u{202C}")
        }
        return try context.edited(candidates, orRefuse: "no open word has three letters")
    }

    /// A letter and the sign that deletes it, so that the text is shown as it was.
    private static func delete(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = context.text.words(atLeast: 2).map { word in
            let draw = context.draws.below(26, .content, at: word.lowerBound)
            let letter = String(Character(Unicode.Scalar(UInt8(0x61 + draw))))
            let place = word.lowerBound + 1
            return MutationContext.Replacement(place..<place, letter + "\u{8}")
        }
        return try context.edited(candidates, orRefuse: "no open word has two letters")
    }

    private static func zalgo(_ context: MutationContext, _ place: Int) -> String {
        let bits = context.draws.word(.content, at: place)
        let marks = (0..<8).map { step -> String in
            let index = Int(bits >> UInt64(8 * step) & 0xFF) % GlyphTables.zalgo.count
            return GlyphTables.zalgo[index]
        }
        return String(context.text.clusters[place]) + marks.joined()
    }

    private static func hidden(
        _ name: String, _ form: @escaping @Sendable (String) -> String
    ) -> MutationVariant {
        MutationVariant(name, .hostile) { context throws(MutationRefusal) in
            let command = context.one(of: AttackBanks.hiddenCommands, at: 0) ?? ""
            var edited = context.framed("", form(command))
            edited.note = "hidden behind the text: \(command)"
            return edited
        }
    }
}

extension MutationContext {
    /// Every cluster of the text that the form knows is replaced.
    func mapped(_ form: (Character) -> String?) -> Edited {
        applying(
            text.clusters.indices.compactMap { place in
                form(text.clusters[place]).map { Replacement(place..<(place + 1), $0) }
            })
    }
}
