internal import Faults
internal import Synchronization

/// Deliveries that faults changed, shared by all runs of a tape whose plans do the same to an
/// answer.
///
/// Such a delivery is a function of tape and key, so nothing that is decided depends on what
/// happens to be in here.
final class DisturbedDeliveries: Sendable {
    /// All that decides, on one tape, what the faults make of an answer.
    struct Key: Hashable {
        var ordinal: Int
        var upstream: String
        var isClockVirtual: Bool
        var restartRefusal: String?
        var turnRefusal: String?
        var programRefusal: String?
        var http2Refusal: String?
        var faults: [Fault]

        struct Fault: Hashable {
            var id: String
            var parameters: FaultParameters
        }
    }

    private struct State: Sendable {
        var known: [Key: DisturbedDelivery] = [:]
        var byteCount = 0
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    /// Remembers about so many bytes.
    ///
    /// A storm that draws ever new parameters would fill any memory: when there are more, all are
    /// forgotten.
    init(bytesMax: Int = 64 << 20) {
        self.bytesMax = bytesMax
    }

    /// How many are remembered.
    var count: Int { state.withLock { $0.known.count } }

    /// What is known under a key, else what the closure makes.
    func delivery(_ key: Key, orElse make: () -> DisturbedDelivery) -> DisturbedDelivery {
        if let known = state.withLock({ $0.known[key] }) { return known }
        let made = make()
        let size = key.byteCount + made.byteCount
        // One that is too large must not drive out all others.
        guard size <= bytesMax else { return made }
        state.withLock { state in
            guard state.known[key] == nil else { return }
            if state.byteCount + size > bytesMax { state = State() }
            state.byteCount += size
            state.known[key] = made
        }
        return made
    }
}
