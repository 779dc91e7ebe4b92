internal import Determinism

/// What the page says of bodies, all of them together within bounds.
struct BodyEntries {
    /// How many bytes all bodies may take together as written.
    static let bytesMax = 5 << 19
    /// What each body of a run has of its share before the first ones have the rest.
    static let shortBytesMax = 512

    private(set) var entries: [JSONValue]
    /// Whether one is cut, so that all fit.
    private(set) var isCut: [Bool]
    private var bytesLeft: Int

    /// The bodies that blocks name, in their order.
    ///
    /// All are whole if they fit. If not, each block has an equal share for those that no earlier
    /// one names, the run without faults half of all; what one leaves, larger ones have.
    init(
        _ table: BodyTable, namedBy blocks: [[Int]], isFirstUndisturbed: Bool,
        bytesMax: Int = BodyEntries.bytesMax
    ) {
        let bodies = table.all
        entries = bodies.map { BodyEntries.entry(BodyText([]), $0) }
        isCut = bodies.map { _ in false }
        bytesLeft = max(0, bytesMax)
        guard !fillWhole(bodies) else { return }
        var isNamed = bodies.map { _ in false }
        var own: [[Int]] = []
        for block in blocks {
            own.append([])
            for place in block where !isNamed[place] {
                isNamed[place] = true
                own[own.count - 1].append(place)
            }
        }
        let sizes = own.map { $0.reduce(0) { $0 + bodies[$1].bytes.count } }
        let first = isFirstUndisturbed ? Array(own.indices.prefix(1)) : []
        let others = own.indices.dropFirst(first.count)
        let order = first + others.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        for (done, block) in order.enumerated() {
            let parts = first.contains(block) ? min(2, order.count) : order.count - done
            fill(own[block], bodies, share: bytesLeft / parts)
        }
    }

    /// Whether all of them fit.
    private mutating func fillWhole(_ bodies: [BoundedBytes]) -> Bool {
        // A text takes no less than its bytes, and a dump no less than what it shows.
        let least = bodies.reduce(0) { $0 + min($1.bytes.count, BodyText.dumpBytesMax) }
        guard least <= bytesLeft else { return false }
        var texts: [BodyText] = []
        var left = bytesLeft
        for body in bodies {
            texts.append(BodyText(body.bytes))
            left -= ScriptSafe.size(of: texts[texts.count - 1].text)
            guard left >= 0 else { return false }
        }
        bytesLeft = left
        for (place, text) in texts.enumerated() {
            entries[place] = BodyEntries.entry(text, bodies[place])
        }
        return true
    }

    private mutating func fill(_ places: [Int], _ bodies: [BoundedBytes], share: Int) {
        var left = share
        for (done, place) in places.enumerated() {
            let later = places.count - done - 1
            let most = max(left - later * BodyEntries.shortBytesMax, left / (later + 1))
            let text = BodyText(bodies[place].bytes, fitting: most)
            entries[place] = BodyEntries.entry(text, bodies[place])
            isCut[place] = text.isCut
            left -= text.text.isEmpty ? 0 : ScriptSafe.size(of: text.text)
        }
        bytesLeft -= share - left
    }

    private static func entry(_ text: BodyText, _ body: BoundedBytes) -> JSONValue {
        [
            .string(text.text), .int(Int64(body.total)),
            .int(Int64(min(body.total, text.shownCount))), .bool(text.isBinary),
        ]
    }
}
