internal import Cassette
internal import Faults
internal import Synchronization
internal import WireProtocols

/// Undisturbed deliveries, prepared once and shared by all runs of a tape.
public final class DeliveryCache: Sendable {
    struct Entry: Sendable {
        let interaction: Interaction
        let wire: (any WireProtocol)?
        let delivery: Delivery
        let prepared: PreparedDelivery
    }

    private let entries: Mutex<[Int: Entry]> = Mutex([:])
    private let answers: Mutex<EarlierAnswers?> = Mutex(nil)
    private let neighbours = NeighbourIndex()

    /// Creates an empty cache.
    public init() {}

    func entry(_ ordinal: Int, tape: Tape) throws -> Entry {
        if let entry = entries.withLock({ $0[ordinal] }) { return entry }
        let interaction = try tape.interaction(ordinal)
        let wire = WireProtocols.of(
            interaction.request, upstream: tape.manifest.upstream(interaction.upstream))
        let delivery = Delivery(interaction).heldOpen(interaction, on: tape)
        let entry = Entry(
            interaction: interaction, wire: wire, delivery: delivery,
            prepared: PreparedDelivery(delivery, of: interaction.request, wire: wire))
        entries.withLock { $0[ordinal] = entry }
        return entry
    }

    /// The answer that a stale result repeats; looked for once a tape, and only for a fault.
    func earlier(than ordinal: Int, tape: Tape) -> Interaction? {
        let answers = self.answers.withLock { answers in
            let known = answers ?? EarlierAnswers(tape)
            answers = known
            return known
        }
        return answers.ordinal(before: ordinal).flatMap {
            try? entry($0, tape: tape).interaction
        }
    }

    /// Another recorded interaction that a fault asks for.
    func neighbour(_ wanted: Neighbour, of ordinal: Int, tape: Tape) -> Interaction? {
        neighbours.ordinal(wanted, of: ordinal, on: tape).flatMap {
            try? entry($0, tape: tape).interaction
        }
    }
}
