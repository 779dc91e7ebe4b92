internal import Cassette
internal import Determinism
internal import Faults

/// Decides in which order requests that wait together are answered, so that the kernel does not.
///
/// Each request has a drawn priority, by what it asks for. With changes it is the algorithm PCT
/// (Burckhardt et al., ASPLOS 2010): at some choices the request that would go first gets a priority
/// below all that were drawn, and the next one goes in its place.
struct WaitingOrder: Sendable {
    private let seed: Seed
    private let changes: [Int]
    /// How many choices there were; the last of those that wait is none.
    private var choices = 0
    /// How low requests were put, by what they ask for: 1 is the lowest.
    private var lowered: [UInt64: Int] = [:]

    init(_ plan: Plan) {
        seed = plan.order
        changes = plan.orderChanges
    }

    mutating func ordered(_ requests: [World.Waiting]) -> [World.Waiting] {
        guard requests.count > 1 else { return requests }
        let keyed = requests.map { item in
            let draw = KeyedRandom(seed: seed, callID: callID(item), take: 0, attempt: 0)
            return (key: draw.word(.order), item: item)
        }
        var left = keyed.sorted { left, right in
            (left.key, left.item.reading.identity.exact, left.item.id)
                < (right.key, right.item.reading.identity.exact, right.item.id)
        }.map(\.item)
        guard !changes.isEmpty else { return left }
        var ordered: [World.Waiting] = []
        while left.count > 1 {
            choices += 1
            for (place, choice) in changes.enumerated() where choice == choices {
                lowered[callID(left[first(of: left)])] = place + 1
            }
            ordered.append(left.remove(at: first(of: left)))
        }
        return ordered + left
    }

    /// The place of the request with the highest priority.
    private func first(of left: [World.Waiting]) -> Int {
        var best = (place: 0, rank: 0)
        for (place, item) in left.enumerated() {
            let rank = lowered[callID(item)] ?? .max
            if rank > best.rank { best = (place, rank) }
        }
        return best.place
    }

    private func callID(_ item: World.Waiting) -> UInt64 {
        item.reading.identity.fingerprint.high
    }
}
