import Determinism

/// Cuts the content of an answer that is a list of blocks.
enum BlockPrefix {
    /// The first blocks, with so many Unicode scalars of text in all.
    ///
    /// `text` gives nil for a block that is no text; such a block stays where it stands before the
    /// cut. A text block that falls behind the cut goes, even where it would only be empty.
    static func of(
        _ blocks: [JSONValue], characters: Int, text: (JSONValue) -> String?,
        shortened: (_ block: JSONValue, _ count: Int) -> JSONValue = shortenedText
    ) -> [JSONValue] {
        var kept: [JSONValue] = []
        var left = characters
        for block in blocks {
            guard let text = text(block) else {
                kept.append(block)
                continue
            }
            let count = ScalarPrefix.count(text)
            if left > 0 { kept.append(count <= left ? block : shortened(block, left)) }
            left = max(0, left - count)
            if left == 0 { break }
        }
        return kept
    }

    private static func shortenedText(_ block: JSONValue, _ count: Int) -> JSONValue {
        var block = block
        block["text"] = .string(ScalarPrefix.of(block["text"]?.stringValue ?? "", count: count))
        return block
    }
}
