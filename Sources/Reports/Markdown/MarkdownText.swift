/// Text of an agent in Markdown: it stands in code spans and fences only, for there nothing is
/// read as markup, HTML, a link, a mention or a reference.
enum MarkdownText {
    /// A code span.
    ///
    /// Its fence is longer than any run of backticks within, and line breaks are spaces.
    static func code(_ text: String, scalarsMax: Int = 300) -> String {
        let line = BoundedText.line(text, scalarsMax)
        guard line.contains(where: { $0 != " " }) else { return "` `" }
        let fence = String(repeating: "`", count: longestRun(line) + 1)
        let padding = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
        return fence + padding + line + padding + fence
    }

    /// A code span in a cell of a table, where a bar would end the cell even in code.
    static func cell(_ text: String, scalarsMax: Int = 120) -> String {
        code(text, scalarsMax: scalarsMax).replacing("|", with: "\u{FF5C}")
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
