internal import Determinism
internal import Judgement

/// Failures of earlier storms that failed again, and how many there are.
struct SavedRows {
    /// How many bytes they may take together as written.
    static let bytesMax = 256 << 10
    /// What the verdict and the signs around the texts take.
    private static let rowBytes = 60

    private let failures: [SavedFailure]
    private let count: Int

    init(_ all: [SavedFailure], most: Int) {
        failures = Array(all.prefix(most))
        count = all.count
    }

    var members: [JSONMember] {
        [JSONMember("saved", .array(rows)), JSONMember("savedCount", .int(Int64(count)))]
    }

    private var rows: [JSONValue] {
        var left = SavedRows.bytesMax
        for failure in failures where left >= 0 {
            let texts = SavedRows.texts(failure).map { TextTable.bounded($0) }
            let all = texts + [failure.run.reproduce]
            left -= all.reduce(SavedRows.rowBytes) {
                $0 + ScriptSafe.size(of: $1)
            }
        }
        let isWhole = left >= 0
        left = SavedRows.bytesMax
        return failures.enumerated().map { done, failure in
            let most = isWhole ? .max : left / (failures.count - done)
            let (row, size) = SavedRows.row(failure, most)
            left -= size
            return row
        }
    }

    private static func texts(_ failure: SavedFailure) -> [String] {
        [failure.signature, failure.origin, failure.run.ruling.reason]
    }

    /// A failure in so many bytes: its texts have half of them, and the line is whole or missing.
    private static func row(_ failure: SavedFailure, _ most: Int) -> (JSONValue, Int) {
        let texts = texts(failure).map { ScriptSafe.cut($0, to: most / 6) }
        let size = texts.reduce(rowBytes) { $0 + ScriptSafe.size(of: $1) }
        let line = failure.run.reproduce
        let isShown = ScriptSafe.fits(line, most - size)
        let row: [JSONValue] =
            [.string(failure.run.verdict.rawValue)] + texts.map { .string($0) }
            + [isShown ? .string(line) : .null]
        return (.array(row), size + (isShown ? ScriptSafe.size(of: line) : 4))
    }
}
