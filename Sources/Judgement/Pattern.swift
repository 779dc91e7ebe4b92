/// A regular expression in Swift's dialect, which is close to PCRE, found anywhere in a text.
///
/// Matching is by Unicode code points; `^` and `$` are the ends of the text unless `(?m)` is
/// set. The engine backtracks without a limit: a pattern with nested repetition, such as
/// `(a+)+b`, can take time exponential in the length of the text, so prefer patterns that
/// cannot match the same text in two ways.
struct Pattern: Hashable, Sendable {
    let text: String

    /// Checks that the pattern compiles.
    init(_ text: String, at path: String) throws(InvariantError) {
        self.text = text
        do {
            _ = try Regex(text)
        } catch {
            throw InvariantError(
                .invalidPattern, at: path,
                "`\(text)` is not a regular expression: \(error). Escape special characters "
                    + "with a backslash")
        }
    }

    /// Whether the pattern is found.
    ///
    /// It is compiled anew: a compiled one cannot be shared.
    func isFound(in subject: String) -> Bool {
        guard let regex = try? Regex(text).matchingSemantics(.unicodeScalar) else { return false }
        return ((try? regex.firstMatch(in: subject)) ?? nil) != nil
    }
}
