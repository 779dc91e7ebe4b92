internal import Cassette
internal import Determinism
internal import Faults
internal import Synchronization
internal import WireProtocols

/// Deliveries, prepared once and shared by all runs of a tape.
///
/// A cache belongs to one tape, the first that a run has with it: what is neighbour to an answer,
/// and so what a fault makes of it, depends on the cassette and on the normalisers by which it is
/// read. A run with another tape leaves it alone, and prepares for itself.
///
/// Runs on several threads may share one. When each has its own, with a tape of its own, they do not
/// count references to the same bytes against each other.
public final class DeliveryCache: Sendable {
    /// A class, since every request of a run hands one on.
    final class Entry: Sendable {
        let interaction: Interaction
        let wire: (any WireProtocol)?
        let delivery: Delivery
        let prepared: PreparedDelivery

        /// Whether it answers a request that has other identifiers than the recorded one.
        let isReaddressed: Bool

        init(
            _ interaction: Interaction, wire: (any WireProtocol)?, delivery: Delivery,
            isReaddressed: Bool = false
        ) {
            self.isReaddressed = isReaddressed
            self.interaction = interaction
            self.wire = wire
            self.delivery = delivery
            prepared = PreparedDelivery(delivery, of: interaction.request, wire: wire)
        }
    }

    /// What tells one tape from another.
    private struct Subject: Sendable {
        let hash: Digest
        let normalisers: [Normaliser]
    }

    private let subject: Mutex<Subject?> = Mutex(nil)
    private let entries: Mutex<[Int: Entry]> = Mutex([:])
    private let answers: Mutex<EarlierAnswers?> = Mutex(nil)
    private let neighbours = NeighbourIndex()
    let disturbed = DisturbedDeliveries()
    let readings = RequestReadings()
    /// How many events the last run had, as far as a log makes room for them beforehand.
    private let eventCount = Atomic(0)
    private let exchangeCount = Atomic(0)

    /// Creates an empty cache.
    public init() {}

    /// For how many events the log of the next run has room from the start.
    var logRoom: Int {
        get { eventCount.load(ordering: .relaxed) }
        set { eventCount.store(min(newValue, 1 << 14), ordering: .relaxed) }
    }

    /// For how many exchanges the record of the next run has room from the start.
    var recordRoom: Int {
        get { exchangeCount.load(ordering: .relaxed) }
        set { exchangeCount.store(min(newValue, 1 << 10), ordering: .relaxed) }
    }

    /// Whether it is for this tape; an empty one is for the first that asks.
    func serves(_ tape: Tape) -> Bool {
        subject.withLock { subject in
            guard let known = subject else {
                subject = Subject(hash: tape.hash, normalisers: tape.rules.normalisers)
                return true
            }
            return known.hash == tape.hash && known.normalisers == tape.rules.normalisers
        }
    }

    func entry(_ ordinal: Int, tape: Tape) throws -> Entry {
        if let entry = entries.withLock({ $0[ordinal] }) { return entry }
        let interaction = try tape.interaction(ordinal)
        let wire = WireProtocols.of(
            interaction.request, upstream: tape.manifest.upstream(interaction.upstream))
        let delivery = Delivery(interaction).heldOpen(interaction, on: tape)
        let entry = Entry(interaction, wire: wire, delivery: delivery)
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
