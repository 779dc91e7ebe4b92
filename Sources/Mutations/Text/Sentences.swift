/// Where the sentences of a prompt are; no protected span is ever cut.
enum Sentences {
    /// The sentences without the white space between them.
    static func ranges(of text: PromptText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        for (index, token) in text.tokens.enumerated() {
            if token.kind == .space, start == nil { continue }
            let first = start ?? token.range.lowerBound
            start = first
            if isEnd(index, in: text) {
                ranges.append(first..<token.range.upperBound)
                start = nil
            }
        }
        if let start {
            var end = text.clusters.count
            while end > start, text.clusters[end - 1].isWhitespace { end -= 1 }
            if end > start { ranges.append(start..<end) }
        }
        return ranges
    }

    /// A mark ends a sentence when white space or nothing follows.
    private static func isEnd(_ index: Int, in text: PromptText) -> Bool {
        let tokens = text.tokens
        guard tokens[index].kind == .mark else { return false }
        let mark = text.clusters[tokens[index].range.lowerBound]
        guard ".?!\u{2026}\u{3002}\u{FF01}\u{FF1F}".contains(mark) else { return false }
        return index + 1 == tokens.count || tokens[index + 1].kind == .space
    }
}
