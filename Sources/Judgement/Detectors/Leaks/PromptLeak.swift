/// How much of a system prompt a text repeats.
package struct PromptLeak: Hashable, Sendable {
    /// The most words in a row that the text shares with the prompt; 0 below the wanted number.
    package let longestRun: Int
    /// The part of the prompt's runs of words that occur in the text, in per mille.
    package let sharePerMille: Int
    /// The bytes of the longest run, in the view where it stands.
    package let witness: Range<Int>
    /// The view that repeats most.
    package let path: [LeakStep]

    /// What is compared, and from when on it is a leak.
    package struct Limits: Hashable, Sendable {
        /// How many words in a row are a repetition; of a shorter prompt, all its words.
        package var wordsInRow: Int
        /// How much of the prompt must be repeated, in per mille; 0 asks for one run only.
        package var shareMinPerMille: Int

        package init(wordsInRow: Int = 8, shareMinPerMille: Int = 0) {
            self.wordsInRow = wordsInRow
            self.shareMinPerMille = shareMinPerMille
        }
    }

    /// The worst repetition in any view of the text; nil when there is no leak.
    ///
    /// Words are compared folded, without signs between them. What is `allowed`, such as the
    /// user's own prompt, may be repeated although the system prompt has it too. When the search is
    /// not complete, a repetition may be in a view that was left out.
    package static func find(
        prompt: String, in text: String, limits: Limits = Limits(), allowed: [String] = [],
        normaliser: LeakNormaliser = LeakNormaliser()
    ) -> (leak: PromptLeak?, isComplete: Bool) {
        let source = PromptWords(prompt, wordsInRow: limits.wordsInRow, allowed: allowed)
        var worst: PromptLeak?
        let (views, isComplete) = normaliser.views(of: text)
        for view in views {
            // Without separators there are no words.
            guard view.path.last != .compact, view.path.last != .folded,
                let leak = source.repetition(in: view),
                leak.sharePerMille >= limits.shareMinPerMille
            else { continue }
            if leak.longestRun > worst?.longestRun ?? 0 { worst = leak }
        }
        return (worst, isComplete)
    }
}

/// The words of a prompt as numbers, and its runs of words.
private struct PromptWords {
    private var numbers: [[UInt8]: Int] = [:]
    private var runs: Set<[Int]> = []
    private let count: Int

    init(_ prompt: String, wordsInRow: Int, allowed: [String]) {
        let words = FoldedWords.words(of: Array(prompt.utf8))
        count = max(1, min(wordsInRow, words.count))
        var row: [Int] = []
        for word in words {
            let number = numbers[word.text] ?? numbers.count
            numbers[word.text] = number
            row.append(number)
        }
        guard words.count >= count, !words.isEmpty else { return }
        for start in 0...(row.count - count) { runs.insert(Array(row[start..<(start + count)])) }
        for text in allowed { runs.subtract(windows(of: Array(text.utf8)).map(\.run)) }
    }

    private struct Window {
        let run: [Int]
        let range: Range<Int>
        /// Which word of the text is its last.
        let last: Int
    }

    /// The runs of known words of a text.
    private func windows(of bytes: [UInt8]) -> [Window] {
        var windows: [Window] = []
        var row: [(number: Int, range: Range<Int>)] = []
        for (place, word) in FoldedWords.words(of: bytes).enumerated() {
            guard let number = numbers[word.text] else {
                row.removeAll(keepingCapacity: true)
                continue
            }
            row.append((number, word.range))
            guard row.count >= count else { continue }
            let last = row[(row.count - count)...]
            guard let first = last.first else { continue }
            windows.append(
                Window(
                    run: last.map(\.number),
                    range: first.range.lowerBound..<word.range.upperBound, last: place))
        }
        return windows
    }

    func repetition(in view: TextView) -> PromptLeak? {
        guard !runs.isEmpty else { return nil }
        var seen: Set<[Int]> = []
        var (length, longest) = (0, 0)
        var (current, witness) = (0..<0, 0..<0)
        var previous: Window?
        for window in windows(of: view.bytes) {
            guard runs.contains(window.run) else {
                previous = nil
                continue
            }
            seen.insert(window.run)
            if let previous, previous.last + 1 == window.last {
                length += 1
                current = current.lowerBound..<window.range.upperBound
            } else {
                length = count
                current = window.range
            }
            previous = window
            if length > longest { (longest, witness) = (length, current) }
        }
        guard longest > 0 else { return nil }
        return PromptLeak(
            longestRun: longest, sharePerMille: seen.count * 1000 / runs.count, witness: witness,
            path: view.path)
    }
}

/// The words of a text, folded, with their places.
enum FoldedWords {
    static func words(of bytes: [UInt8]) -> [(text: [UInt8], range: Range<Int>)] {
        var words: [(text: [UInt8], range: Range<Int>)] = []
        var place = 0
        while place < bytes.count {
            let end = bytes.runEnd(from: place) { $0.isASCIIAlphanumeric || $0 >= 0x80 }
            guard end > place else {
                place += 1
                continue
            }
            // A dash or a quote beyond ASCII separates too once it is folded.
            let folded = TextFolding.folded(Array(bytes[place..<end]))
            for part in folded.split(whereSeparator: { !$0.isASCIIAlphanumeric && $0 < 0x80 }) {
                words.append((Array(part), place..<end))
            }
            place = end
        }
        return words
    }
}
