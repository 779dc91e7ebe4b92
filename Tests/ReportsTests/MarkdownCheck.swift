/// Takes Markdown apart as its readers do: what stands in fences and in code spans is left out.
///
/// Scalars are looked at: a backtick with an accent is a backtick to every reader.
enum MarkdownCheck {
    private typealias Scalars = Substring.UnicodeScalarView

    /// What is read as markup.
    static func outside(_ markdown: String) -> String {
        var lines: [String] = []
        var fence: Int?
        for text in markdown.unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let line = Substring(text).unicodeScalars
            let ticks = line.prefix { $0 == "`" }.count
            if let open = fence {
                let isClosing = ticks >= open && line.allSatisfy { $0 == "`" || $0 == " " }
                if isClosing { fence = nil }
            } else if ticks >= 3, !line.dropFirst(ticks).contains("`") {
                fence = ticks
                lines.append("(fence)")
            } else {
                lines.append(withoutSpans(line))
            }
        }
        if fence != nil { lines.append("(an open fence)") }
        return lines.joined(separator: "\n")
    }

    /// A run of backticks begins a span that ends with the next run of the same length.
    private static func withoutSpans(_ line: Scalars) -> String {
        var out = ""
        var rest = line
        while let tick = rest.firstIndex(of: "`") {
            out += String(rest[..<tick])
            let open = rest[tick...].prefix { $0 == "`" }
            rest = rest[open.endIndex...]
            guard let close = closing(open.count, in: rest) else {
                out += String(open)
                continue
            }
            out += "(code)"
            rest = rest[close...]
        }
        return out + String(rest)
    }

    private static func closing(_ count: Int, in text: Scalars) -> String.Index? {
        var rest = text
        while let tick = rest.firstIndex(of: "`") {
            let run = rest[tick...].prefix { $0 == "`" }
            if run.count == count { return run.endIndex }
            rest = rest[run.endIndex...]
        }
        return nil
    }
}
