internal import Determinism

/// Texts of a report, each kept once and named by its place.
struct TextTable {
    /// How many bytes of one text are kept.
    static let bytesMax = 4_000

    /// How many bytes all texts may take together as written; further ones are in short.
    static let allBytesMax = 1 << 20
    /// How many bytes of a text are kept when the others have taken all that.
    static let shortBytesMax = 100
    /// How many bytes those take together; of further ones nothing is kept.
    static let allShortBytesMax = 512 << 10

    private(set) var texts: [String] = []
    private var bytesLeft = TextTable.allBytesMax
    private var shortBytesLeft = TextTable.allShortBytesMax
    private var places: [String: Int] = [:]

    mutating func place(_ text: String) -> JSONValue {
        .int(Int64(index(text)))
    }

    mutating func place(_ text: String?) -> JSONValue {
        text.map { place($0) } ?? .int(-1)
    }

    private mutating func index(_ text: String) -> Int {
        if let known = places[text] { return known }
        places[text] = texts.count
        texts.append(kept(text))
        return texts.count - 1
    }

    private mutating func kept(_ text: String) -> String {
        let whole = TextTable.bounded(text)
        if whole.utf8.count <= bytesLeft {
            // Escapes make a text longer than its bytes, so that they are counted as written.
            let size = ScriptSafe.bytes(.string(whole)).count
            if size <= bytesLeft {
                bytesLeft -= size
                return whole
            }
        }
        guard shortBytesLeft > 0 else { return "…" }
        let short = TextTable.bounded(text, max: TextTable.shortBytesMax)
        shortBytesLeft -= ScriptSafe.bytes(.string(short)).count
        return short
    }

    /// At most so many bytes, and how many are missing.
    static func bounded(_ text: String, max bytesMax: Int = TextTable.bytesMax) -> String {
        guard text.utf8.count > bytesMax else { return text }
        let head = Array(text.utf8.prefix(bytesMax))
        let end = head.lastIndex { $0 & 0xC0 != 0x80 } ?? head.endIndex
        return String(decoding: head[..<end], as: UTF8.self)
            + " … \(text.utf8.count - end) more bytes"
    }
}
