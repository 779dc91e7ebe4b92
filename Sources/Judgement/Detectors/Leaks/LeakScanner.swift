/// A text that must not be there, found.
package struct Leak: Hashable, Sendable {
    /// Which of the needles.
    package let needle: Int
    /// The view in which it was found first.
    package let path: [LeakStep]
    /// The bytes of the view.
    package let range: Range<Int>
    /// The beginning of what was found, never the whole.
    package let excerpt: String

    /// The names of the steps, as in `base64 > folded`.
    package var view: String { TextView(path: path, bytes: []).name }
}

/// Seeks texts that must not leave, such as canaries and secrets, in all views of a text.
package enum LeakScanner {
    /// Shorter needles would be found by chance.
    package static let needleMin = 4
    /// Without separators, more is needed.
    package static let compactMin = 6

    /// For each needle that occurs, the simplest view in which it does; by the place of the needle.
    ///
    /// When the search is not complete, a needle that was not found may still be there.
    package static func find(
        _ needles: [String], in text: String, normaliser: LeakNormaliser = LeakNormaliser()
    ) -> (leaks: [Leak], isComplete: Bool) {
        let (views, isComplete) = normaliser.views(of: text)
        return (find(needles, in: views), isComplete)
    }

    /// As for a text, over views that are already there.
    package static func find(_ needles: [String], in views: [TextView]) -> [Leak] {
        needles.enumerated().compactMap { place, needle in
            let forms = Forms(needle)
            for view in views {
                guard let form = forms.form(for: view.path.last),
                    let range = ByteSearch(form).first(in: view.bytes)
                else { continue }
                return Leak(
                    needle: place, path: view.path, range: range,
                    excerpt: Redaction.excerpt(of: view.bytes[range]))
            }
            return nil
        }
    }

    /// A needle, normalised as the views are.
    private struct Forms {
        private let plain: [UInt8]
        private let folded: [UInt8]
        private let compact: [UInt8]

        init(_ needle: String) {
            plain = Array(needle.utf8)
            folded = TextFolding.folded(plain)
            compact = TextFolding.compacted(folded)
        }

        func form(for step: LeakStep?) -> [UInt8]? {
            switch step {
            case .folded: folded.count >= needleMin ? folded : nil
            case .compact: compact.count >= compactMin ? compact : nil
            default: plain.count >= needleMin ? plain : nil
            }
        }
    }
}

/// Looks for bytes in bytes in linear time (Knuth, Morris and Pratt).
struct ByteSearch: Sendable {
    private let needle: [UInt8]
    /// For each length of a matched beginning, the longest shorter one that is also its end.
    private let shorter: [Int]

    init(_ needle: [UInt8]) {
        self.needle = needle
        var shorter = Array(repeating: 0, count: needle.count + 1)
        var length = 0
        for place in needle.indices.dropFirst() {
            while length > 0, needle[place] != needle[length] { length = shorter[length] }
            if needle[place] == needle[length] { length += 1 }
            shorter[place + 1] = length
        }
        self.shorter = shorter
    }

    /// The first place; nil for an empty needle.
    func first(in bytes: [UInt8]) -> Range<Int>? {
        guard !needle.isEmpty, needle.count <= bytes.count else { return nil }
        var length = 0
        for place in bytes.indices {
            while length > 0, bytes[place] != needle[length] { length = shorter[length] }
            if bytes[place] == needle[length] { length += 1 }
            if length == needle.count { return (place + 1 - length)..<(place + 1) }
        }
        return nil
    }
}
