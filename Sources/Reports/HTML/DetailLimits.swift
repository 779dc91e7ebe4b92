internal import Determinism

/// How much of a run its block of the page holds.
struct DetailLimits {
    /// How many bytes a text takes as written.
    let textBytes: Int
    let exchanges: Int
    let steps: Int
    let moments: Int
    /// How many entries any other list has.
    let items: Int

    /// From all that there is to the least that is worth to be shown.
    static let levels = [
        DetailLimits(textBytes: 24_000, exchanges: 200, steps: 1_000, moments: 2_000, items: 1_000),
        DetailLimits(textBytes: 2_000, exchanges: 200, steps: 100, moments: 500, items: 200),
        DetailLimits(textBytes: 500, exchanges: 100, steps: 20, moments: 100, items: 50),
        DetailLimits(textBytes: 240, exchanges: 30, steps: 5, moments: 20, items: 20),
        DetailLimits(textBytes: 120, exchanges: 8, steps: 2, moments: 8, items: 8),
    ]

    /// A text that is no longer than that, and how many bytes of it are missing.
    func text(_ text: String) -> JSONValue {
        let bounded = TextTable.bounded(text)
        guard bounded.utf8.count * 6 > textBytes else { return .string(bounded) }
        let size = ScriptSafe.bytes(.string(bounded)).count
        guard size > textBytes else { return .string(bounded) }
        return .string(TextTable.bounded(text, max: bounded.utf8.count * textBytes / size))
    }
}

/// What the blocks of all runs may take together, an equal share for each.
struct DetailRoom {
    /// How many bytes all blocks may take, the bodies not counted.
    static let bytesMax = 2 << 20
    /// How many of them the run without faults may take, beside which all others stand.
    static let undisturbedBytesMax = 512 << 10

    private var bytesLeft = DetailRoom.bytesMax

    /// The block of a run in the most room that its share allows; what one leaves, others have.
    mutating func json(_ data: DetailData, share: Int, _ bodies: inout BodyTable) -> JSONValue {
        let most = max(0, bytesLeft) / max(1, share)
        var chosen: (json: JSONValue, bodies: BodyTable, size: Int)?
        for (level, limits) in DetailLimits.levels.enumerated() {
            let isLast = level == DetailLimits.levels.count - 1
            guard isLast || data.leastBytes(limits) <= most else { continue }
            var kept = bodies
            let json = data.json(&kept, limits, isShort: level > 0)
            let size = ScriptSafe.bytes(json).count
            chosen = (json, kept, size)
            if size <= most { break }
        }
        guard let chosen else { return .null }
        bodies = chosen.bodies
        bytesLeft -= chosen.size
        return chosen.json
    }
}
