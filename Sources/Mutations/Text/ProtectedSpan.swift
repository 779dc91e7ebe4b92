/// A part of a prompt that an edit that keeps the meaning must not touch.
struct ProtectedSpan: Hashable {
    enum Kind: String, Hashable {
        case url
        case mail
        case handle
        case number
        case identifier
        case code
        case quoted
        case template
        case path
    }

    let kind: Kind
    let range: Range<Int>

    /// The spans of a text, in order and without overlap.
    static func find(in clusters: [Character]) -> [ProtectedSpan] {
        var spans: [ProtectedSpan] = []
        var place = 0
        while place < clusters.count {
            if let span = enclosed(clusters, at: place) {
                spans.append(span)
                place = span.range.upperBound
            } else if isInRun(clusters[place]) {
                let run = place..<end(of: place, in: clusters)
                if let span = RunScanner(clusters: clusters).span(in: run) { spans.append(span) }
                place = run.upperBound
            } else {
                place += 1
            }
        }
        return spans
    }

    /// Marks that end a run of clusters without white space.
    private static let runEnds: Set<Character> = [
        "\"", "\u{201C}", "\u{201D}", "\u{AB}", "\u{BB}", "`", "<", ">", "{", "}", "(", ")", "[",
        "]",
    ]

    private static func isInRun(_ cluster: Character) -> Bool {
        !cluster.isWhitespace && !runEnds.contains(cluster)
    }

    private static func end(of place: Int, in clusters: [Character]) -> Int {
        var end = place
        var isAddress = false
        while end < clusters.count, !clusters[end].isWhitespace {
            // Addresses hold brackets and braces of their own.
            if runEnds.contains(clusters[end]), !isAddress || "\"<>`".contains(clusters[end]) {
                break
            }
            if clusters[end] == "/", end > place + 1, clusters[end - 1] == "/",
                clusters[end - 2] == ":"
            {
                isAddress = true
            }
            end += 1
        }
        return end
    }

    private static func enclosed(_ clusters: [Character], at place: Int) -> ProtectedSpan? {
        switch clusters[place] {
        case "`": return code(clusters, at: place)
        case "\"": return closed(clusters, place, by: "\"", .quoted)
        case "\u{201C}": return closed(clusters, place, by: "\u{201D}", .quoted)
        case "\u{AB}": return closed(clusters, place, by: "\u{BB}", .quoted)
        case "'": return singleQuoted(clusters, at: place)
        case "{": return template(clusters, at: place)
        case "$":
            guard place + 1 < clusters.count, clusters[place + 1] == "{",
                let inner = template(clusters, at: place + 1)
            else { return nil }
            return ProtectedSpan(kind: .template, range: place..<inner.range.upperBound)
        default: return nil
        }
    }

    private static let enclosedMax = 200

    private static func closed(
        _ clusters: [Character], _ place: Int, by mark: Character, _ kind: Kind
    ) -> ProtectedSpan? {
        let limit = min(clusters.count, place + enclosedMax)
        guard place + 1 < limit,
            let end = clusters[(place + 1)..<limit].firstIndex(of: mark), end > place + 1
        else { return nil }
        return ProtectedSpan(kind: kind, range: place..<(end + 1))
    }

    private static func singleQuoted(_ clusters: [Character], at place: Int) -> ProtectedSpan? {
        guard place == 0 || !joins(clusters[place - 1]), place + 1 < clusters.count,
            !clusters[place + 1].isWhitespace
        else { return nil }
        let limit = min(clusters.count, place + enclosedMax)
        for end in (place + 1)..<limit {
            if clusters[end].isNewline { return nil }
            if clusters[end] == "'", end > place + 1, !clusters[end - 1].isWhitespace,
                end + 1 == clusters.count || !joins(clusters[end + 1])
            {
                return ProtectedSpan(kind: .quoted, range: place..<(end + 1))
            }
        }
        return nil
    }

    private static func template(_ clusters: [Character], at place: Int) -> ProtectedSpan? {
        guard var span = closed(clusters, place, by: "}", .template) else { return nil }
        while span.range.upperBound < clusters.count, clusters[span.range.upperBound] == "}" {
            span = ProtectedSpan(kind: .template, range: place..<(span.range.upperBound + 1))
        }
        return span
    }

    /// A code span ends with as many back-ticks as it begins with; a fence runs to its end.
    private static func code(_ clusters: [Character], at place: Int) -> ProtectedSpan? {
        var start = place
        while start < clusters.count, clusters[start] == "`" { start += 1 }
        let ticks = start - place
        let limit = ticks >= 3 ? clusters.count : min(clusters.count, start + enclosedMax)
        var count = 0
        for end in start..<limit {
            count = clusters[end] == "`" ? count + 1 : 0
            if count == ticks { return ProtectedSpan(kind: .code, range: place..<(end + 1)) }
        }
        // An open fence protects all that follows; an open single tick is just a mark.
        return ticks >= 3 ? ProtectedSpan(kind: .code, range: place..<clusters.count) : nil
    }

    private static func joins(_ cluster: Character) -> Bool {
        cluster.isLetter || cluster.isNumber
    }
}
