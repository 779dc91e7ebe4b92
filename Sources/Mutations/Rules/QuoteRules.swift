/// Quotation marks and apostrophes: typographic for plain ones, and back.
enum QuoteRules {
    static func curl(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        try replaced(context, reason: "no plain quotation mark or apostrophe") { mark, isOpening in
            switch mark {
            case "\"": isOpening ? "\u{201C}" : "\u{201D}"
            case "'": isOpening ? "\u{2018}" : "\u{2019}"
            default: nil
            }
        }
    }

    static func straighten(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        try replaced(context, reason: "no typographic quotation mark or apostrophe") { mark, _ in
            switch mark {
            case "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}": "\""
            case "\u{2018}", "\u{2019}", "\u{201A}": "'"
            default: nil
            }
        }
    }

    /// Only the marks around quotations and those inside words: never code.
    private static func replaced(
        _ context: MutationContext, reason: String, _ form: (Character, Bool) -> String?
    ) throws(MutationRefusal) -> Edited {
        let clusters = context.text.clusters
        let changes = context.text.tokens.flatMap { token -> [MutationContext.Replacement] in
            let places: [Int]
            switch token.kind {
            case .protected(.quoted): places = [token.range.lowerBound, token.range.upperBound - 1]
            case .word, .mark: places = Array(token.range)
            case .space, .protected: places = []
            }
            return places.compactMap { place in
                let isOpening = place == 0 || clusters[place - 1].isWhitespace
                return form(clusters[place], isOpening).map { .init(place..<(place + 1), $0) }
            }
        }
        guard !changes.isEmpty else { throw MutationRefusal(reason) }
        return context.applying(changes)
    }
}
