internal import Cassette
internal import Faults

/// What faults make of one recorded answer.
final class DisturbedDelivery: Sendable {
    /// What became of each fault, in plan order.
    let fates: [FaultFate]
    /// What is sent; the recorded delivery when no fault fired.
    let prepared: PreparedDelivery
    /// Whether a fault fired.
    let isAltered: Bool
    /// Whether the recorded answer is still due afterwards.
    let keepsTake: Bool
    /// What the agent may repeat of it.
    let echo: EchoMap

    init(_ entry: DeliveryCache.Entry, planned: [PlannedFault], context: FaultContext) {
        let composed = Composer.compose(entry.delivery, planned: planned, context: context)
        fates = composed.fates.map(\.fate)
        let fired = composed.fates.filter { $0.fate == .fired }.map(\.planned)
        isAltered = !fired.isEmpty
        guard isAltered else {
            prepared = entry.prepared
            keepsTake = false
            echo = EchoMap()
            return
        }
        prepared = PreparedDelivery(
            composed.delivery, of: entry.interaction.request, wire: entry.wire,
            recorded: entry.prepared)
        keepsTake = DisturbedDelivery.keepsTake(
            fired, prepared, of: entry.prepared, request: entry.interaction.request)
        var echo = EchoMap()
        echo.note(original: entry.prepared, altered: prepared)
        self.echo = echo
    }

    /// A take that was refused, replaced by an error or cut is still due: the retry gets it.
    ///
    /// An answer that was recorded broken off and is given to its end is not cut.
    private static func keepsTake(
        _ fired: [PlannedFault], _ altered: PreparedDelivery, of recorded: PreparedDelivery,
        request: RecordedRequest
    ) -> Bool {
        let isCut =
            altered.ending != .complete
            && (altered.ending != recorded.ending || altered.body.count < recorded.body.count)
        return isCut
            || fired.contains { fault in
                FaultCatalogue.named(fault.fault)?.keepsTake(of: request) ?? false
            }
    }
}
