/// Words whose presence near a match says what it is; weak forms count only beside one.
///
/// A word of lower-case letters is found in any case, and one of capitals only as written: `SIN` is
/// a number of Canadians, "sin" is not. A word begins at a word's beginning and may end inside one,
/// so that "phone" finds "phones".
struct ContextWords: Sendable {
    /// How far before and after a match words are looked for, in bytes.
    static let before = 64
    static let after = 32

    private let words: [[UInt8]]

    init(_ words: [String]) {
        self.words = words.map { Array($0.utf8) }
    }

    func occur(near range: Range<Int>, in bytes: [UInt8]) -> Bool {
        let start = max(0, range.lowerBound - Self.before)
        let end = min(bytes.count, range.upperBound + Self.after)
        return occur(in: start..<range.lowerBound, of: bytes)
            || occur(in: range.upperBound..<end, of: bytes)
    }

    /// Whether one stands just before, with at most `distance` bytes for word and gap.
    func occur(before place: Int, within distance: Int, in bytes: [UInt8]) -> Bool {
        occur(in: max(0, place - distance)..<place, of: bytes)
    }

    private func occur(in range: Range<Int>, of bytes: [UInt8]) -> Bool {
        for place in range where begins(bytes, at: place) {
            for word in words where place + word.count <= range.upperBound {
                if matches(word, bytes, at: place) { return true }
            }
        }
        return false
    }

    /// A word begins after anything but a letter, and at a capital after a small letter.
    private func begins(_ bytes: [UInt8], at place: Int) -> Bool {
        guard bytes[place].isASCIIAlphanumeric || bytes[place] >= 0x80 else { return false }
        guard let previous = bytes.byte(place - 1) else { return true }
        return !previous.isASCIILetter || (bytes[place].isASCIIUpper && !previous.isASCIIUpper)
    }

    private func matches(_ word: [UInt8], _ bytes: [UInt8], at place: Int) -> Bool {
        for offset in word.indices {
            let byte = bytes[place + offset]
            guard byte == word[offset] || byte.asciiLowered == word[offset] else { return false }
        }
        // A short word of capitals is a whole word: `PAN` is not in `PANEL`.
        guard let first = word.first, first.isASCIIUpper else { return true }
        return bytes.byte(place + word.count)?.isASCIILetter != true
    }
}
