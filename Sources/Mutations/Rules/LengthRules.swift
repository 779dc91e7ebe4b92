internal import Determinism

/// Texts cut short, drawn out, led astray or put in another order.
enum LengthRules {
    static let mutations = [
        Mutation(
            "The text is cut, or next to nothing is left.",
            [
                cut("truncate-prefix", aliases: ["length_extremes"]) { count, draw in draw..<count
                },
                cut("truncate-suffix") { count, draw in 0..<(count - draw) },
                MutationVariant("truncate-mid-word", .directional, edit: cutWord),
                MutationVariant("truncate-mid-json", .directional, edit: cutJSON),
                fixed("empty", ""), fixed("whitespace-only", "   \n\t "),
                fixed("single-char", "?"),
                MutationVariant("null-byte", .hostile) { context throws(MutationRefusal) in
                    let place = context.draws.below(
                        context.text.clusters.count + 1, .position, at: 0)
                    return context.applying([.init(place..<place, "\0")])
                },
            ]),
        Mutation(
            "The text is drawn out with what changes nothing.",
            [
                appended("repeat-n") { _ in String(repeating: " and true is true", count: 5) },
                MutationVariant("pad-to-tokens", .metamorphic, aliases: ["payload_size_attack"]) {
                    context throws(MutationRefusal) in
                    context.framed("", "\n\n" + lorem(context, words: 2_000))
                },
                appended("lorem-distractor") { "\n\n" + lorem($0, words: 30) },
                appended("irrelevant-context", aliases: ["context_manipulation"]) { context in
                    " " + (context.one(of: PhraseBanks.distractors, at: 0) ?? "")
                },
                appended("url-handle-suffix", suffix),
            ]),
        Mutation(
            "Something that is nearly the same is named beside the real one.",
            [MutationVariant("distractor-similar-entity", .directional, edit: similar)]),
        Mutation(
            "Sentences, list items or members of an object change places.",
            [
                MutationVariant("reorder-sentences", .metamorphic, edit: ReorderRules.sentences),
                MutationVariant("reorder-list", .metamorphic, edit: ReorderRules.list),
                MutationVariant(
                    "reorder-json-keys", .metamorphic, keepsProtected: false,
                    edit: ReorderRules.members),
                MutationVariant(
                    "move-instruction-to-end", .metamorphic, edit: ReorderRules.instruction),
            ]),
    ]

    /// Up to half of the text is lost.
    private static func cut(
        _ name: String, aliases: [String] = [],
        _ kept: @escaping @Sendable (Int, Int) -> Range<Int>
    ) -> MutationVariant {
        MutationVariant(name, .directional, aliases: aliases) {
            context throws(MutationRefusal) in
            let count = context.text.clusters.count
            guard count > 1 else { throw MutationRefusal("the text is too short to be cut") }
            let range = kept(count, 1 + context.draws.below(count / 2, .position, at: 0))
            return Edited(
                text: context.text.string(range),
                note: "clusters \(range.lowerBound) to \(range.upperBound) of \(count) are left")
        }
    }

    private static func cutWord(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let words = context.text.words(atLeast: 2)
        let index = context.draws.below(words.count, .position, at: 0)
        guard words.indices.contains(index) else {
            throw MutationRefusal("no open word has two letters")
        }
        let end = words[index].lowerBound + words[index].count / 2
        return context.applying([.init(end..<context.text.clusters.count, "")])
    }

    private static func cutJSON(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let whole = Array("{\"request\":\(Quoting.json(context.text.whole)),\"confirmed\":true}")
        let kept = 1 + context.draws.below(whole.count - 1, .position, at: 0)
        return Edited(
            text: String(whole.prefix(kept)), note: "wrapped in JSON, which ends in the middle")
    }

    private static func fixed(_ name: String, _ text: String) -> MutationVariant {
        MutationVariant(name, .hostile) { _ throws(MutationRefusal) in
            Edited(text: text, note: "the whole text was replaced")
        }
    }

    private static func appended(
        _ name: String, aliases: [String] = [],
        _ tail: @escaping @Sendable (MutationContext) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic, aliases: aliases) { context throws(MutationRefusal) in
            context.framed("", tail(context))
        }
    }

    private static func lorem(_ context: MutationContext, words: Int) -> String {
        (0..<words).map { context.one(of: PhraseBanks.lorem, at: $0) ?? "" }
            .joined(separator: " ")
    }

    @Sendable private static func suffix(_ context: MutationContext) -> String {
        let name = { (place: Int) -> String in
            let draw = context.draws.word(.content, at: place)
            return String(
                (0..<8).map { step in
                    Character(Unicode.Scalar(0x61 + UInt8(draw >> UInt64(8 * step) & 0xFF) % 26))
                })
        }
        return " https://\(name(0)).example/\(name(1)) @\(name(2))"
    }

    /// A second person of the same first name, or an identifier that is off by one.
    private static func similar(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let name = context.text.words.map { context.text.string($0) }
            .first { WordLists.firstNames.contains($0) }
        if let name {
            let other = context.one(of: ["Miller", "Okafor", "Novak", "Tanaka"], at: 0) ?? ""
            return context.framed("", " (Do not mix this up with \(name) \(other).)")
        }
        for token in context.text.tokens {
            guard case .protected(let kind) = token.kind, kind == .identifier || kind == .number
            else { continue }
            let neighbour = next(to: context.text.clusters[token.range])
            return context.framed("", " (Do not mix this up with \(neighbour).)")
        }
        throw MutationRefusal("no first name, number or identifier")
    }

    /// The last digit one higher; 9 becomes 8.
    private static func next(to clusters: ArraySlice<Character>) -> String {
        var changed = Array(clusters)
        let last = changed.lastIndex { $0.isASCII && $0.isWholeNumber }
        if let last, let digit = changed[last].wholeNumberValue {
            let other = digit == 9 ? 8 : digit + 1
            changed[last] = Character(Unicode.Scalar(UInt8(0x30 + other)))
        } else {
            changed.append("2")
        }
        return String(changed)
    }
}
