package import Faults
package import Simulation

/// A planned fault that was reached, where, and what became of it.
package struct MetFault: Hashable, Sendable {
    /// The planned fault.
    package var planned: PlannedFault
    /// The exchange that it met.
    package var exchange: ExchangeID
    /// What became of it.
    package var fate: FaultFate

    package init(planned: PlannedFault, exchange: ExchangeID, fate: FaultFate) {
        self.planned = planned
        self.exchange = exchange
        self.fate = fate
    }
}
