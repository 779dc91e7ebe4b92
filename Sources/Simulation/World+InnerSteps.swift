internal import Determinism

/// Steps that only carry bytes, for an agent in process.
///
/// Nearly all steps are such. They come to the same as `becameQuiescent` and its actions, without
/// asking for each of them whether anything else is to be decided.
extension World {
    /// The exchange of which an inner step is what happens next; nil where it is anything else.
    var innerExchange: ExchangeID? {
        guard isCalm, let entry = queue.next, case .step(let id) = entry.payload,
            entry.instant <= instantMax, let flight = flights[id],
            deliveries[flight.place].innerSteps.contains(flight.next)
        else { return nil }
        return id
    }

    /// Lets the inner step happen that is due, and those after it as long as nothing else is to
    /// happen between them and the agent takes them in silence, as `tell` says.
    mutating func sendInnerSteps(
        of id: ExchangeID, tell: ([UInt8], SimInstant) -> Bool
    ) {
        guard let flight = flights[id], var instant = queue.pop()?.instant else { return }
        let delivery = deliveries[flight.place]
        let number = trace.exchanges[flight.exchange].id.number
        let isAlone = queue.isEmpty
        var index = flight.next
        var goesOn = true
        while goesOn {
            now = max(now, instant)
            trace.entries.append(.step, number, Int64(index), at: now)
            let body = delivery.innerBodies[index - delivery.innerSteps.lowerBound]
            goesOn = tell(body, now) && isAlone
            index += 1
            instant = flight.startedAt + delivery.steps[index].at
            goesOn =
                goesOn && index < delivery.innerSteps.upperBound && instant <= instantMax
                && trace.eventCount < eventsMax
        }
        lastSign = now
        queue.push(at: instant, class: 0, .step(id))
        flights.update(id) { $0.next = index }
        trace.exchanges[flight.exchange].sentCount = index
    }

    /// Whether nothing waits but what is in the queue.
    private var isCalm: Bool {
        guard !stopped, pending.isEmpty, leaving.isEmpty, asking.isEmpty,
            trace.eventCount < eventsMax, case nil = crashDue, case nil = dying
        else { return false }
        return true
    }
}
