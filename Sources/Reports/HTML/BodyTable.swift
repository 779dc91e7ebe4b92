internal import Determinism

/// Bodies of a report, each kept once and named by its place.
struct BodyTable {
    private(set) var all: [BoundedBytes] = []
    /// Those that the block in progress names.
    private(set) var named: [Int] = []
    private var places: [BoundedBytes: Int] = [:]

    /// A block begins.
    mutating func begin() { named = [] }

    mutating func place(_ body: BoundedBytes?) -> JSONValue {
        guard let body else { return .int(-1) }
        let place = places[body] ?? all.count
        if place == all.count {
            places[body] = place
            all.append(body)
        }
        named.append(place)
        return .int(Int64(place))
    }

    /// The block that brought these is not shown.
    mutating func forget(after count: Int) {
        for body in all[count...] { places[body] = nil }
        all.removeSubrange(count...)
        named = []
    }

    /// What the entry of a body takes as written beside what the body says.
    static func entryBytes(_ body: BoundedBytes) -> Int {
        // Brackets, commas, the quotes, and "false".
        2 * String(body.total).utf8.count + 13
    }
}
