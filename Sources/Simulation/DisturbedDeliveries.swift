internal import Cassette
internal import Faults
internal import Synchronization

/// Deliveries that faults changed, shared by all runs whose plans do the same to an answer.
///
/// Such a delivery is a function of its key, so nothing that is decided depends on what happens to
/// be in here.
final class DisturbedDeliveries: Sendable {
    /// How many bytes are remembered, about.
    ///
    /// A storm that draws ever new parameters would fill any memory: when there are more, all are
    /// forgotten.
    static let bytesMax = 64 << 20
    /// What a step takes beside its bytes, about.
    private static let stepSize = 100

    /// All that decides what the faults make of an answer.
    struct Key: Hashable {
        let ordinal: Int
        let upstream: String
        let isClockVirtual: Bool
        /// One cassette can be read under several rules, and faults look for neighbours by them.
        let normalisers: [Normaliser]
        let faults: [Fault]

        struct Fault: Hashable {
            let id: String
            let parameters: FaultParameters
        }
    }

    private struct State: Sendable {
        var known: [Key: DisturbedDelivery] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())

    /// What is known under a key, else what the closure makes.
    func delivery(_ key: Key, orElse make: () -> DisturbedDelivery) -> DisturbedDelivery {
        if let known = state.withLock({ $0.known[key] }) { return known }
        let made = make()
        // Body and steps hold the bytes once each.
        let size =
            1024 + 2 * made.prepared.body.count
            + DisturbedDeliveries.stepSize * made.prepared.steps.count
        state.withLock { state in
            if state.byteCount + size > DisturbedDeliveries.bytesMax { state = State() }
            guard size <= DisturbedDeliveries.bytesMax, state.known[key] == nil else { return }
            state.byteCount += size
            state.known[key] = made
        }
        return made
    }
}
