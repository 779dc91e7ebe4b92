internal import Cassette

/// Text of an agent in Markdown: it stands in code spans and fences only, for there nothing is
/// read as markup, HTML, a link, a mention or a reference.
enum MarkdownText {
    /// A code span.
    ///
    /// Its fence is longer than any run of backticks within, and line breaks are spaces.
    static func code(_ text: String, scalarsMax: Int = 300) -> String {
        let line = BoundedText.line(text, scalarsMax)
        guard line.utf8.contains(where: { $0 != 0x20 }) else { return "` `" }
        let fence = String(repeating: "`", count: longestRun(line) + 1)
        // Bytes are looked at: a backtick with an accent is no backtick as a character.
        let tick = UInt8(ascii: "`")
        let padding = line.utf8.first == tick || line.utf8.last == tick ? " " : ""
        return fence + padding + line + padding + fence
    }

    /// A code span in a cell of a table, where a bar would end the cell even in code.
    static func cell(_ text: String, scalarsMax: Int = 120) -> String {
        replacing("|", with: "\u{FF5C}", in: code(text, scalarsMax: scalarsMax))
    }

    /// A fenced block.
    ///
    /// Every line must be one line already; none of them can close the fence.
    static func fenced(_ lines: [String], _ language: String) -> [String] {
        let longest = lines.map(longestRun).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return [fence + language] + lines + [fence]
    }

    private static func longestRun(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
