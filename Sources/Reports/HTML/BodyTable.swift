internal import Determinism

/// Bodies of a report, each kept once, all of them together within bounds.
struct BodyTable {
    /// How many bytes all bodies may take together.
    static let bytesMax = 7 << 20
    /// What is kept of a body when the others have taken all that.
    static let shortBytesMax = 512

    private(set) var bodies: [JSONValue] = []
    private var places: [BoundedBytes: Int] = [:]
    private var bytesLeft = BodyTable.bytesMax

    mutating func place(_ body: BoundedBytes?) -> JSONValue {
        guard let body else { return .int(-1) }
        if let known = places[body] { return .int(Int64(known)) }
        places[body] = bodies.count
        let shown =
            body.bytes.count <= bytesLeft
            ? body.bytes : Array(body.bytes.prefix(BodyTable.shortBytesMax))
        let text = BodyText(shown)
        // Escapes make a text longer than its bytes, so that they are counted as written.
        bytesLeft -= min(bytesLeft, ScriptSafe.bytes(.string(text.text)).count)
        bodies.append([
            .string(text.text), .int(Int64(body.total)),
            .int(Int64(min(body.total, shown.count))), .bool(text.isBinary),
        ])
        return .int(Int64(bodies.count - 1))
    }
}
