internal import Determinism

/// Texts of a report, each kept once and named by its place.
struct TextTable {
    /// How many bytes of one text are kept.
    static let bytesMax = 4_000

    private(set) var texts: [String] = []
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
        texts.append(TextTable.bounded(text))
        return texts.count - 1
    }

    /// At most so many bytes, and how many are missing.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > bytesMax else { return text }
        let head = Array(text.utf8.prefix(bytesMax))
        let end = head.lastIndex { $0 & 0xC0 != 0x80 } ?? head.endIndex
        return String(decoding: head[..<end], as: UTF8.self)
            + " … \(text.utf8.count - end) more bytes"
    }
}
