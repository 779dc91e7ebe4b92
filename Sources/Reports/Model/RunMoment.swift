package import Determinism
internal import Faults
internal import Simulation

/// One entry of a run's log that is no request and no step: those stand with their exchanges.
package struct RunMoment: Hashable, Sendable {
    /// What happened.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case waits
        case woke
        case output
        case hungUp = "hung-up"
        case foreign
        case asked
        case programDied = "program-died"
        case killed
        case started
        case ended
    }

    package var at: SimInstant
    package var kind: Kind
    /// Until when it waits.
    package var until: SimInstant?
    /// Which waiter, which exchange or which inquiry, or how many bytes.
    package var number: Int?
    /// The stream, the address or how it ended.
    package var text: String?

    init(
        at: SimInstant, kind: Kind, until: SimInstant? = nil, number: Int? = nil,
        text: String? = nil
    ) {
        self.at = at
        self.kind = kind
        self.until = until
        self.number = number
        self.text = text
    }

    init?(_ event: TraceEvent, at: SimInstant, end: String) {
        switch event {
        case .request, .step: return nil
        case .waits(let waiter, let until):
            self.init(at: at, kind: .waits, until: until, number: waiter.number)
        case .woke(let waiter): self.init(at: at, kind: .woke, number: waiter.number)
        case .output(let stream, let count):
            self.init(at: at, kind: .output, number: count, text: stream.rawValue)
        case .agentClosed(let id): self.init(at: at, kind: .hungUp, number: id.number)
        case .foreign(let address): self.init(at: at, kind: .foreign, text: address)
        case .inquiry(.asked(let index)): self.init(at: at, kind: .asked, number: index + 1)
        case .inquiry: return nil
        case .programDied: self.init(at: at, kind: .programDied)
        case .killed: self.init(at: at, kind: .killed)
        case .started(let life): self.init(at: at, kind: .started, number: life)
        case .ended: self.init(at: at, kind: .ended, text: end)
        }
    }
}
