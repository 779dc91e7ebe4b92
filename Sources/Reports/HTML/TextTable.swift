internal import Determinism

/// Texts of a report, each kept once and named by its place.
struct TextTable {
    /// How many bytes of one text are kept.
    static let bytesMax = 4_000

    /// What a text takes as written when the others have taken their room.
    static let shortBytesMax = 200

    private(set) var texts: [String] = []
    private var bytesLeft: Int
    private var shortBytesLeft: Int
    private var places: [String: Int] = [:]
    /// The one entry of all texts that came when there was no room at all.
    private var rest: Int?

    /// So many bytes as written for all texts together: a quarter of it for those that are in
    /// short, as the others have taken the rest.
    init(bytesMax: Int) {
        shortBytesLeft = bytesMax / 4
        bytesLeft = bytesMax - shortBytesLeft
    }

    mutating func place(_ text: String) -> JSONValue {
        .int(Int64(index(text)))
    }

    mutating func place(_ text: String?) -> JSONValue {
        text.map { place($0) } ?? .int(-1)
    }

    private mutating func index(_ text: String) -> Int {
        if let known = places[text] { return known }
        guard let kept = kept(text) else {
            let place = rest ?? texts.count
            if rest == nil { texts.append("…") }
            rest = place
            return place
        }
        places[text] = texts.count
        texts.append(kept)
        return texts.count - 1
    }

    /// Escapes make a text longer than its bytes, so that they are counted as written, each with
    /// the comma after it.
    private mutating func kept(_ text: String) -> String? {
        guard rest == nil else { return nil }
        let whole = TextTable.bounded(text)
        if ScriptSafe.fits(whole, bytesLeft - 1) {
            bytesLeft -= ScriptSafe.size(of: whole) + 1
            return whole
        }
        let short = ScriptSafe.cut(text, to: TextTable.shortBytesMax)
        let size = ScriptSafe.size(of: short) + 1
        guard size <= shortBytesLeft else { return nil }
        shortBytesLeft -= size
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
