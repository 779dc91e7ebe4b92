internal import Determinism

/// The block of one run, and the bodies that it names.
struct DetailPart {
    var json: JSONValue
    let bodies: [Int]
}

/// What the blocks of all runs may take together, whole while all of them fit.
struct DetailRoom {
    /// How many bytes all blocks may take, what bodies say not counted.
    static let bytesMax = 2 << 20
    /// The part of it that the run without faults may take, beside which all others stand.
    static let undisturbedPart = 4
    /// What the element around a block takes.
    static let elementBytes = 80

    private(set) var bodies = BodyTable()
    private var bytesLeft: Int

    init(bytesMax: Int = DetailRoom.bytesMax) { bytesLeft = max(0, bytesMax) }

    /// The blocks of all runs; nil for one that does not even fit in short.
    ///
    /// Only where all of them take more than there is has each an equal share: what one leaves,
    /// larger ones have.
    mutating func parts(_ all: [DetailData], isFirstUndisturbed: Bool) -> [DetailPart?] {
        whole(all) ?? shared(all, isFirstUndisturbed)
    }

    private mutating func whole(_ all: [DetailData]) -> [DetailPart?]? {
        let least = all.reduce(0) { $0 + $1.leastBytes(DetailLimits.levels[0]) }
        guard least <= bytesLeft else { return nil }
        var table = BodyTable()
        var left = bytesLeft
        var parts: [DetailPart?] = []
        for data in all {
            let (part, size) = DetailRoom.part(data, 0, &table)
            left -= size
            guard left >= 0 else { return nil }
            parts.append(part)
        }
        bodies = table
        bytesLeft = left
        return parts
    }

    private mutating func shared(
        _ all: [DetailData], _ isFirstUndisturbed: Bool
    ) -> [DetailPart?] {
        let sizes = all.map { $0.leastBytes(DetailLimits.levels[0]) }
        let first = isFirstUndisturbed ? Array(all.indices.prefix(1)) : []
        let others = all.indices.dropFirst(first.count)
        let order = first + others.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        var parts = [DetailPart?](repeating: nil, count: all.count)
        for (done, index) in order.enumerated() {
            var share = bytesLeft / (order.count - done)
            if first.contains(index) {
                share = max(share, bytesLeft / DetailRoom.undisturbedPart)
            }
            parts[index] = fitting(all[index], share)
        }
        return parts
    }

    /// The most of a run that takes no more than its share.
    private mutating func fitting(_ data: DetailData, _ most: Int) -> DetailPart? {
        for (level, limits) in DetailLimits.levels.enumerated()
        where data.leastBytes(limits) <= most {
            let known = bodies.all.count
            let (part, size) = DetailRoom.part(data, level, &bodies)
            if size <= most {
                bytesLeft -= size
                return part
            }
            bodies.forget(after: known)
        }
        return nil
    }

    /// The block, and what it takes as written, with the entries around the bodies that it brings.
    private static func part(
        _ data: DetailData, _ level: Int, _ bodies: inout BodyTable
    ) -> (DetailPart, Int) {
        let known = bodies.all.count
        bodies.begin()
        let json = data.json(&bodies, DetailLimits.levels[level], isShort: level > 0)
        let entries = bodies.all[known...].reduce(0) { $0 + BodyTable.entryBytes($1) }
        let size = ScriptSafe.bytes(json).count + elementBytes + entries
        return (DetailPart(json: json, bodies: bodies.named), size)
    }
}
