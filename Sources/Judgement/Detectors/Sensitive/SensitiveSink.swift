/// Gathers matches of the kinds asked for; within a kind none overlaps an earlier one.
struct SensitiveSink {
    let options: SensitiveScanner.Options
    private(set) var matches: [SensitiveMatch] = []
    private let wanted: Set<SensitiveKind>
    private var ends: [SensitiveKind: Int] = [:]

    init(kinds: [SensitiveKind], options: SensitiveScanner.Options) {
        wanted = Set(kinds)
        self.options = options
    }

    func wants(_ kind: SensitiveKind) -> Bool { wanted.contains(kind) }

    func wants(anyOf kinds: [SensitiveKind]) -> Bool { kinds.contains(where: wants) }

    /// Adds a match; finders come from left to right.
    mutating func add(_ kind: SensitiveKind, _ range: Range<Int>, in bytes: [UInt8]) {
        guard wants(kind), !range.isEmpty, range.lowerBound >= ends[kind] ?? 0 else { return }
        ends[kind] = range.upperBound
        matches.append(SensitiveMatch(kind: kind, range: range, in: bytes))
    }
}
