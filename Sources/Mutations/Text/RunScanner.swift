/// Tells what a run of clusters without white space is, if it is to be protected.
struct RunScanner {
    let clusters: [Character]

    private static let leading: Set<Character> = ["/", ".", "~", "@", "#", "\\", "-", "+", "_"]

    /// The protected part of a run, without the punctuation around it.
    func span(in run: Range<Int>) -> ProtectedSpan? {
        var (start, end) = (run.lowerBound, run.upperBound)
        while start < end, !isWordLike(clusters[start]),
            !RunScanner.leading.contains(clusters[start]), !clusters[start].isCurrencySymbol
        {
            start += 1
        }
        while end > start, !isWordLike(clusters[end - 1]), !"/%_=".contains(clusters[end - 1]),
            !clusters[end - 1].isCurrencySymbol
        {
            end -= 1
        }
        guard start < end, let kind = kind(of: start..<end) else { return nil }
        return ProtectedSpan(kind: kind, range: start..<end)
    }

    /// Whether a cluster is a digit or another number, but not a letter that means one.
    static func isDigit(_ cluster: Character) -> Bool {
        switch cluster.unicodeScalars.first?.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    private func isWordLike(_ cluster: Character) -> Bool {
        cluster.isLetter || RunScanner.isDigit(cluster)
    }

    private func kind(of range: Range<Int>) -> ProtectedSpan.Kind? {
        let run = clusters[range]
        let text = String(run)
        if text.contains("://") || text.hasPrefix("www.") { return .url }
        if let at = run.firstIndex(of: "@") {
            return at > range.lowerBound && at + 1 < range.upperBound ? .mail : .handle
        }
        if run.first == "#", run.count > 1 { return .handle }
        if text.contains("\\") || isPath(text, run) { return .path }
        if run.contains(where: RunScanner.isDigit) {
            let isNumber = !run.contains { $0.isLetter }
            return isNumber ? .number : .identifier
        }
        if isDotted(range) { return .path }
        return isIdentifier(range) ? .identifier : nil
    }

    private func isPath(_ text: String, _ run: ArraySlice<Character>) -> Bool {
        guard run.count > 1, run.contains("/") else { return false }
        return ["/", "./", "../", "~/"].contains { text.hasPrefix($0) }
            || run.count(where: { $0 == "/" }) > 1
    }

    /// A dot between letters: a file, a host or a member.
    private func isDotted(_ range: Range<Int>) -> Bool {
        range.contains { place in
            clusters[place] == "." && place + 1 < range.upperBound
                && clusters[place + 1].isLetter
        }
    }

    /// An underscore, a capital behind a small letter, or hexadecimal letters only.
    private func isIdentifier(_ range: Range<Int>) -> Bool {
        if clusters[range].contains("_") { return true }
        if range.count >= 8, clusters[range].allSatisfy({ $0.isASCII && $0.isHexDigit }) {
            return true
        }
        return range.dropFirst().contains { place in
            clusters[place].isASCII && clusters[place].isUppercase
                && clusters[place - 1].isASCII && clusters[place - 1].isLowercase
        }
    }
}
