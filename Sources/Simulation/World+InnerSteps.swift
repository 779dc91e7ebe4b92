internal import Determinism

/// Steps that only carry bytes, for an agent in process.
///
/// Nearly all steps are such. They come to the same as `becameQuiescent` and its actions, without
/// asking for each of them whether anything else is to be decided.
extension World {
    /// Lets the next thing happen if that is an inner step; else nothing happened.
    mutating func sendInnerStep() -> (id: ExchangeID, bytes: [UInt8])? {
        guard isCalm, let entry = queue.next, case .step(let id) = entry.payload,
            entry.instant <= instantMax, let flight = flights[id]
        else { return nil }
        let delivery = deliveries[flight.place]
        let index = flight.next
        guard delivery.innerSteps.contains(index),
            case .body(let bytes) = delivery.steps[index].step
        else { return nil }
        let next = flight.startedAt + delivery.steps[index + 1].at
        _ = queue.pop()
        queue.push(at: next, class: 0, .step(id))
        now = max(now, entry.instant)
        lastSign = now
        flights.update(id) { $0.next = index + 1 }
        trace.exchanges[flight.exchange].sentCount = index + 1
        trace.entries.append(
            .step, trace.exchanges[flight.exchange].id.number, Int64(index), at: now)
        return (id, bytes)
    }

    /// Whether nothing waits but what is in the queue.
    private var isCalm: Bool {
        guard !stopped, pending.isEmpty, leaving.isEmpty, asking.isEmpty,
            trace.eventCount < eventsMax, case nil = crashDue, case nil = dying
        else { return false }
        return true
    }
}
