/// Finds what somebody meant who wrote something else.
public enum Suggestion {
    private static let lengthMax = 80

    /// The candidate that is fewest edits away, the first of equals; nil when none is close.
    ///
    /// An edit inserts, deletes or replaces a character or swaps two neighbours. Case does not
    /// count, nor does `_` for `-`. Close is a third of the word, and always one edit; when nothing
    /// is, the first candidate that begins with the word.
    public static func closest(to word: String, in candidates: some Sequence<String>) -> String? {
        let wanted = folded(word)
        guard !wanted.isEmpty, wanted.count <= lengthMax else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let other = folded(candidate)
            let limit = max(1, max(wanted.count, other.count) / 3)
            guard other.count <= lengthMax, abs(other.count - wanted.count) <= limit else {
                continue
            }
            let edits = distance(wanted, other)
            if edits <= limit, edits < best?.distance ?? .max { best = (candidate, edits) }
        }
        return best?.candidate
            ?? candidates.first { wanted.count >= 3 && folded($0).starts(with: wanted) }
    }

    /// The words `did you mean 'x'?`; nil when no candidate is close.
    public static func question(for word: String, in candidates: some Sequence<String>) -> String? {
        closest(to: word, in: candidates).map { "did you mean '\($0)'?" }
    }

    private static func folded(_ word: String) -> [UInt8] {
        word.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "_"): UInt8(ascii: "-")
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
    }

    /// The optimal string alignment distance: Damerau-Levenshtein with no piece edited twice.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var edits = min(
                    last[column + 1] + 1, current[column] + 1,
                    last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    edits = min(edits, beforeLast[column - 1] + 1)
                }
                current.append(edits)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
