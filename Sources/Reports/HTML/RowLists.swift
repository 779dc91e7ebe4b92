internal import Faults
internal import Simulation

/// What lists in all rows may take together: whole while all of them fit, else a share for each.
struct RowLists {
    /// Whether all that was added fits.
    private(set) var isWhole = true
    private let bytesMax: Int
    private var bytesAdded = 0
    private var bytesLeft: Int

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        bytesLeft = bytesMax
    }

    /// One more list of so many bytes.
    mutating func add(_ count: Int) {
        guard isWhole else { return }
        bytesAdded += count
        isWhole = bytesAdded <= bytesMax
    }

    /// How many bytes the next list may take, when so many more follow; what one leaves, others
    /// have.
    func share(later: Int) -> Int { isWhole ? bytesLeft : bytesLeft / (later + 1) }

    mutating func take(_ count: Int) { bytesLeft -= count }
}

/// The faults that fired in a run as far as its row has them: each fault once, then the others.
struct RowHits {
    /// What the number of a fault takes with its comma.
    private static let faultBytes = 5

    private(set) var shown: [MetFault] = []
    private(set) var bytes = 0
    private(set) var isCut = false

    init(_ run: RunSummary, most: Int) {
        let fired = run.fired
        let sizes = fired.map { RowHits.faultBytes + RowHits.digits($0.exchange.number) + 1 }
        let sum = sizes.reduce(0, +)
        guard sum > most else {
            shown = fired
            bytes = sum
            return
        }
        isCut = true
        var isKept = fired.map { _ in false }
        var names: Set<String> = []
        for isFirst in [true, false] {
            for (place, met) in fired.enumerated() where !isKept[place] {
                guard bytes + sizes[place] <= most else { break }
                guard !isFirst || names.insert(met.planned.fault).inserted else { continue }
                bytes += sizes[place]
                isKept[place] = true
            }
        }
        shown = fired.indices.filter { isKept[$0] }.map { fired[$0] }
    }

    private static func digits(_ number: Int) -> Int {
        var count = 1
        var rest = number.magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
