internal import Determinism

/// Bodies of a report, each kept once, all of them together within bounds.
struct BodyTable {
    /// How many bytes all bodies may take together.
    static let bytesMax = 3 << 20
    /// What is kept of a body when the others have taken all that.
    static let shortBytesMax = 512
    /// How many bytes those take together; of further ones only the length is kept.
    static let allShortBytesMax = 1 << 19

    private(set) var bodies: [JSONValue] = []
    private var places: [BoundedBytes: Int] = [:]
    private var bytesLeft = BodyTable.bytesMax
    private var shortBytesLeft = BodyTable.allShortBytesMax
    /// What the run whose bodies are placed may take.
    private var shareLeft = BodyTable.bytesMax

    /// A run begins: it may take an equal share of what is left; bodies that are known are free.
    mutating func begin(share: Int) { shareLeft = bytesLeft / max(1, share) }

    mutating func place(_ body: BoundedBytes?) -> JSONValue {
        guard let body else { return .int(-1) }
        if let known = places[body] { return .int(Int64(known)) }
        places[body] = bodies.count
        let text = whole(body) ?? short(body)
        bodies.append([
            .string(text.text), .int(Int64(body.total)),
            .int(Int64(min(body.total, text.shownCount))), .bool(text.isBinary),
        ])
        return .int(Int64(bodies.count - 1))
    }

    private mutating func whole(_ body: BoundedBytes) -> BodyText? {
        guard body.bytes.count <= shareLeft else { return nil }
        let text = BodyText(body.bytes)
        // Escapes make a text longer than its bytes, so that they are counted as written.
        let size = ScriptSafe.bytes(.string(text.text)).count
        guard size <= shareLeft else { return nil }
        shareLeft -= size
        bytesLeft -= size
        return text
    }

    private mutating func short(_ body: BoundedBytes) -> BodyText {
        let count = shortBytesLeft > 0 ? BodyTable.shortBytesMax : 0
        let text = BodyText(Array(body.bytes.prefix(count)))
        shortBytesLeft -= ScriptSafe.bytes(.string(text.text)).count
        return text
    }
}
