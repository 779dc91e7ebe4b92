import Cassette
import Determinism

/// When the interactions of an import began, and what the wall clock said.
struct ImportClock {
    /// 2026-01-01T00:00:00Z, where the sources know no date at all.
    private static let madeUp: Int64 = 1_767_225_600 * 1_000_000_000

    /// The wall clock at the start, nanoseconds since 1970.
    let origin: Int64
    /// What is less than exact about it.
    let mark: String?
    private let instants: [Int64]?

    init(_ exchanges: [ImportedExchange], isTimed: Bool) {
        let known = exchanges.compactMap(\.instant)
        instants = isTimed && !known.isEmpty ? known : nil
        if let first = known.min() {
            (origin, mark) = (first, instants == nil ? "order-by-file-name" : nil)
            return
        }
        let dates = exchanges.compactMap { exchange in
            exchange.response?.headers.first("date").flatMap(RecordedTime.http)
        }
        origin = dates.min() ?? Self.madeUp
        mark = dates.isEmpty ? "wall-clock-made-up" : "wall-clock-from-date-lines"
    }

    /// The interactions with their numbers and instants: as recorded where each has one, else one
    /// after the other.
    func placed(_ interactions: [Interaction]) -> [Interaction] {
        var placed: [Interaction] = []
        var next = SimInstant(nanoseconds: 0)
        for (index, interaction) in interactions.enumerated() {
            var interaction = interaction
            interaction.ordinal = index + 1
            if let instants {
                interaction.startedAt = SimInstant(
                    nanoseconds: max(0, instants[index] - origin))
            } else {
                interaction.startedAt = next
                next =
                    next + (interaction.response?.endAt ?? .zero) + SyntheticTiming.pause
            }
            placed.append(interaction)
        }
        return placed
    }
}
