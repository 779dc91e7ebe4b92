/// One piece of sensitive data in a text.
package struct SensitiveMatch: Hashable, Sendable {
    package let kind: SensitiveKind
    /// The bytes of the text's UTF-8 form.
    package let range: Range<Int>
    /// The first characters and the length, never the whole: `sk-a… (51 characters)`.
    package let excerpt: String

    package init(kind: SensitiveKind, range: Range<Int>, excerpt: String) {
        self.kind = kind
        self.range = range
        self.excerpt = excerpt
    }

    init(kind: SensitiveKind, range: Range<Int>, in bytes: [UInt8]) {
        self.init(kind: kind, range: range, excerpt: Redaction.excerpt(of: bytes[range]))
    }
}

/// Shows enough of a secret to find it again and too little to use it.
enum Redaction {
    private static let shownMax = 4

    /// At most a quarter of it is shown, and at most four characters.
    static func excerpt(of bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        let count = text.unicodeScalars.count
        let shown = min(shownMax, max(1, count / 4))
        var head = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(shown) {
            // A line feed or a control would break the line of a report.
            head.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return "\(String(head))… (\(count) characters)"
    }
}
