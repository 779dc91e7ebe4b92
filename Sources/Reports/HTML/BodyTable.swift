internal import Determinism

/// Bodies of a report, each kept once, all of them together within bounds.
struct BodyTable {
    /// How many bytes all bodies may take together.
    static let bytesMax = 7 << 20
    /// What is kept of a body when the others have taken all that.
    static let shortBytesMax = 512
    /// How many bytes those take together; of further ones only the length is kept.
    static let allShortBytesMax = 2 << 20

    private(set) var bodies: [JSONValue] = []
    private var places: [BoundedBytes: Int] = [:]
    private var bytesLeft = BodyTable.bytesMax
    private var shortBytesLeft = BodyTable.allShortBytesMax

    mutating func place(_ body: BoundedBytes?) -> JSONValue {
        guard let body else { return .int(-1) }
        if let known = places[body] { return .int(Int64(known)) }
        places[body] = bodies.count
        let isRoomy = body.bytes.count <= bytesLeft
        let short = shortBytesLeft > 0 ? BodyTable.shortBytesMax : 0
        let text = BodyText(isRoomy ? body.bytes : Array(body.bytes.prefix(short)))
        // Escapes make a text longer than its bytes, so that they are counted as written.
        let size = ScriptSafe.bytes(.string(text.text)).count
        if isRoomy { bytesLeft -= min(bytesLeft, size) } else { shortBytesLeft -= size }
        bodies.append([
            .string(text.text), .int(Int64(body.total)),
            .int(Int64(min(body.total, text.shownCount))), .bool(text.isBinary),
        ])
        return .int(Int64(bodies.count - 1))
    }
}
