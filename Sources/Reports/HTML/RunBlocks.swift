internal import Determinism

/// What the runs that are shown in full may take.
struct PageRooms {
    /// How many bytes a page may have.
    static let pageBytesMax = 14_500_000
    /// How many runs are few: there is more room for each.
    static let fewRuns = 2
    /// What the page takes beside its data.
    private static let frameBytes = 160_000

    /// How many bytes their blocks may take.
    let blocks: Int
    /// How many bytes their bodies may take.
    let bodies: Int

    static let many = PageRooms(blocks: DetailRoom.bytesMax, bodies: BodyEntries.bytesMax)

    /// All that the rest of the page leaves.
    static func few(beside bytes: Int) -> PageRooms {
        let left = max(0, pageBytesMax - frameBytes - bytes)
        return PageRooms(blocks: left / 3, bodies: left - left / 3)
    }
}

/// The runs that are shown in full, each in a block of its own, and the bodies of all of them.
struct RunBlocks {
    private(set) var blocks: [HTMLDocument.Block] = []
    private(set) var bodies: [JSONValue] = []
    /// The positions of those for which there is room.
    private(set) var shown: [Int] = []

    init(_ details: RunDetails, _ wanted: [Int], _ rooms: PageRooms) {
        let undisturbed = details.undisturbed.map { ("undisturbed", $0) }
        let runs = wanted.compactMap { place in details.runs[place].map { ("run-\(place)", $0) } }
        let all = (undisturbed.map { [$0] } ?? []) + runs
        let isFirstUndisturbed = undisturbed != nil
        var room = DetailRoom(bytesMax: rooms.blocks)
        let parts = room.parts(
            all.map { DetailData(run: $0.1) }, isFirstUndisturbed: isFirstUndisturbed)
        let entries = BodyEntries(
            room.bodies, namedBy: parts.map { $0?.bodies ?? [] },
            isFirstUndisturbed: isFirstUndisturbed, bytesMax: rooms.bodies)
        bodies = entries.entries
        for (named, part) in zip(all, parts) {
            guard var part else { continue }
            // A block says so too when only its bodies are cut.
            if part.bodies.contains(where: { entries.isCut[$0] }) { part.json["short"] = true }
            blocks.append(HTMLDocument.Block(id: named.0, json: part.json))
        }
        let first = isFirstUndisturbed ? 1 : 0
        shown = zip(wanted, parts.dropFirst(first)).filter { $0.1 != nil }.map(\.0)
    }
}
