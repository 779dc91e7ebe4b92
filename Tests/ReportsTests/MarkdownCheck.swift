/// Takes Markdown apart as its readers do: what stands in fences and in code spans is left out.
enum MarkdownCheck {
    /// What is read as markup.
    static func outside(_ markdown: String) -> String {
        var lines: [String] = []
        var fence: String?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            let ticks = String(line.prefix { $0 == "`" })
            if let open = fence {
                let isClosing =
                    ticks.count >= open.count && line.allSatisfy { $0 == "`" || $0 == " " }
                if isClosing { fence = nil }
            } else if ticks.count >= 3, !line.dropFirst(ticks.count).contains("`") {
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
    private static func withoutSpans(_ line: Substring) -> String {
        var out = ""
        var rest = line
        while let tick = rest.firstIndex(of: "`") {
            out += rest[..<tick]
            let open = rest[tick...].prefix { $0 == "`" }
            rest = rest[open.endIndex...]
            guard let close = closing(open.count, in: rest) else {
                out += open
                continue
            }
            out += "(code)"
            rest = rest[close...]
        }
        return out + rest
    }

    private static func closing(_ count: Int, in text: Substring) -> Substring.Index? {
        var rest = text
        while let tick = rest.firstIndex(of: "`") {
            let run = rest[tick...].prefix { $0 == "`" }
            if run.count == count { return run.endIndex }
            rest = rest[run.endIndex...]
        }
        return nil
    }
}
