internal import Determinism

/// Case, white space, punctuation and emoji.
enum SurfaceRules {
    static let mutations = [
        Mutation(
            "The letters change their case.",
            [
                cased("case-upper") { word, _ in word.uppercased() },
                cased("case-lower") { word, _ in word.lowercased() },
                cased("case-title") { word, _ in Phrasing.raised(word.lowercased()) },
                cased("case-random") { word, draw in
                    word.enumerated().map { place, letter in
                        draw >> UInt64(place % 64) & 1 == 0
                            ? letter.lowercased() : letter.uppercased()
                    }.joined()
                },
                MutationVariant("case-camel", .hostile, edit: camel),
                cased("case-sponge") { word, _ in
                    word.enumerated().map { place, letter in
                        place % 2 == 0 ? letter.lowercased() : letter.uppercased()
                    }.joined()
                },
            ]),
        Mutation(
            "The white space is doubled, replaced or added.",
            [
                spaces("whitespace-double") { _ in "  " },
                spaces("whitespace-tabs") { _ in "\t" },
                spaces("whitespace-nbsp") { _ in "\u{A0}" },
                framed("whitespace-trailing", "", "     "),
                framed("whitespace-leading", "\n\n\n", ""),
                MutationVariant("whitespace-crlf", .metamorphic, edit: lineEnds),
                spaces("whitespace-zwnbsp") { _ in " \u{FEFF}" },
            ]),
        Mutation(
            "The punctuation is dropped, repeated or written otherwise.",
            [
                marks("punct-drop") { ",;:.!?".contains($0) ? "" : nil },
                marks("punct-repeat") {
                    ".!?".contains($0) ? String(repeating: $0, count: 3) : nil
                },
                MutationVariant(
                    "punct-smart-quotes", .metamorphic, keepsProtected: false,
                    edit: QuoteRules.curl),
                MutationVariant(
                    "punct-ascii-quotes", .metamorphic, keepsProtected: false,
                    edit: QuoteRules.straighten),
                marks("punct-fullwidth") { mark in
                    let wide = Normalization.widen(mark)
                    return wide == String(mark) ? nil : wide
                },
            ]),
        Mutation(
            "Emoji are added, or stand for words.",
            [
                MutationVariant("emoji-append", .metamorphic) { context throws(MutationRefusal) in
                    try context.demandText()
                    return context.framed("", " " + (context.one(of: emoji, at: 0) ?? ""))
                },
                MutationVariant("emoji-intersperse", .metamorphic) {
                    context throws(MutationRefusal) in
                    let candidates = context.text.words.map { word in
                        MutationContext.Replacement(
                            word.upperBound..<word.upperBound,
                            " " + (context.one(of: emoji, at: word.lowerBound) ?? ""))
                    }
                    return try context.edited(candidates, orRefuse: "no open word")
                },
                MutationVariant("emoji-replace", .metamorphic) { context throws(MutationRefusal) in
                    try context.edited(
                        context.words(in: .emoji), orRefuse: "no word that an emoji stands for")
                },
            ]),
    ]

    static let emoji = [
        "😀", "🙂", "😅", "😂", "🥲", "😍", "🤔", "😴", "😡", "👍", "👎", "👏🏽", "🙏", "💪🏿", "👩‍💻", "🧑‍🚀",
        "👨‍👩‍👧‍👦", "🐙", "🦄", "🌍", "🌈", "🔥", "⭐", "❄️", "🍕", "☕", "🎉", "🚀", "✈️", "🏳️‍🌈", "🇩🇪", "🇯🇵",
        "❤️", "✅", "❌", "⚠️", "💯", "🔒",
    ]

    private static func cased(
        _ name: String, _ form: @escaping @Sendable (String, UInt64) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            let words = context.text.words
            guard !words.isEmpty else { throw MutationRefusal("no open word") }
            return context.applying(
                words.map { word in
                    let draw = context.draws.word(.content, at: word.lowerBound)
                    return .init(word, form(context.text.string(word), draw))
                })
        }
    }

    /// All words as one, the spaces between them dropped.
    private static func camel(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let tokens = context.text.tokens
        var isFirst = true
        let changes = tokens.compactMap { token -> MutationContext.Replacement? in
            switch token.kind {
            case .space: return .init(token.range, "")
            case .word:
                let lower = context.text.string(token.range).lowercased()
                defer { isFirst = false }
                return .init(token.range, isFirst ? lower : Phrasing.raised(lower))
            case .mark, .protected: return nil
            }
        }
        guard !isFirst else { throw MutationRefusal("no open word") }
        return context.applying(changes)
    }

    private static func spaces(
        _ name: String, _ form: @escaping @Sendable (Character) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            let candidates = context.text.open.filter { context.text.clusters[$0] == " " }
                .map { MutationContext.Replacement($0..<($0 + 1), form(" ")) }
            return try context.edited(candidates, orRefuse: "no open space")
        }
    }

    private static func framed(
        _ name: String, _ before: String, _ after: String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            context.framed(before, after)
        }
    }

    private static func lineEnds(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = context.text.open.filter { context.text.clusters[$0] == "\n" }
            .map { MutationContext.Replacement($0..<($0 + 1), "\r\n") }
        guard !candidates.isEmpty else { throw MutationRefusal("no line end") }
        return context.applying(candidates)
    }

    private static func marks(
        _ name: String, _ form: @escaping @Sendable (Character) -> String?
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            let candidates = context.text.open.compactMap { place in
                form(context.text.clusters[place]).map {
                    MutationContext.Replacement(place..<(place + 1), $0)
                }
            }
            guard !candidates.isEmpty else { throw MutationRefusal("no such punctuation mark") }
            return context.applying(candidates)
        }
    }
}
