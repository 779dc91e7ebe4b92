internal import Cassette
internal import Determinism
internal import Faults

/// How an answer is sent step by step, and when the recorded answer behind it is used up.
extension World {
    /// Begins to answer a request.
    mutating func begin(_ waiting: Waiting, _ actions: inout ActionBuffer) {
        guard open(waiting) else {
            stop(.offTape, &actions)
            return
        }
        if options.clock == .virtual {
            schedule(waiting.id, &actions)
        } else {
            sendNext(waiting.id, &actions)
        }
    }

    /// Puts a request into the trace, with its answer under way; false when there is no answer.
    @discardableResult
    mutating func open(_ waiting: Waiting) -> Bool {
        let answer = answer(waiting)
        places[waiting.id] = trace.exchanges.count
        trace.exchanges.append(answer.record)
        trace.append(.request(answer.record.id), at: now)
        flights[waiting.id] = answer.flight
        return answer.flight != nil
    }

    private mutating func schedule(_ id: ExchangeID, _ actions: inout ActionBuffer) {
        guard var flight = flights[id], flight.next < flight.delivery.steps.count else { return }
        let step = flight.delivery.steps[flight.next]
        guard step.step != nil else {
            // A hang is nothing that will ever happen.
            hang(id, &flight, &actions)
            flights[id] = flight
            return
        }
        queue.push(at: flight.startedAt + step.at, class: 0, .step(id))
    }

    mutating func sendNext(_ id: ExchangeID, _ actions: inout ActionBuffer) {
        guard var flight = flights[id], flight.next < flight.delivery.steps.count else { return }
        let index = flight.next
        let step = flight.delivery.steps[index]
        let before = index == 0 ? .zero : flight.delivery.steps[index - 1].at
        flight.next += 1
        if index == 0, flight.delivery.wallShift != .zero {
            actions.append(.shiftWall(flight.delivery.wallShift))
        }
        trace.append(.step(number(id), index: index), at: now)
        update(id) { $0.sentCount = index + 1 }
        let isLast = flight.next == flight.delivery.steps.count
        if flight.delivery.wholeAtStep == index {
            flight.isWhole = true
            settle(id, &flight, consumed: !flight.keepsTake, &actions)
        } else if isLast, step.step != nil {
            settle(id, &flight, consumed: false, &actions)
        }
        // Before the bytes that let the agent go on: it must not find the connection still open.
        if flight.isWhole || (isLast && step.step != nil) { closeIdle(after: id, &actions) }
        if let act = step.step { actions.append(.send(id, act, after: step.at - before)) }
        if step.step == nil {
            hang(id, &flight, &actions)
        } else if isLast {
            flights[id] = nil
            return
        }
        flights[id] = flight
        if options.clock == .virtual { schedule(id, &actions) }
    }

    /// A hang that a fault made is a cut: the retry gets the answer.
    ///
    /// A recorded one is all there is to this take; that is decided when the agent hangs up.
    private mutating func hang(
        _ id: ExchangeID, _ flight: inout Flight, _ actions: inout ActionBuffer
    ) {
        if flight.keepsTake { settle(id, &flight, consumed: false, &actions) }
    }

    /// Decides once whether the recorded answer is used up.
    private mutating func settle(
        _ id: ExchangeID, _ flight: inout Flight, consumed: Bool, _ actions: inout ActionBuffer
    ) {
        guard !flight.settled, let ordinal = flight.ordinal else { return }
        flight.settled = true
        matcher.delivered(ordinal, consumed: consumed, altered: flight.altered)
        update(id) { $0.consumed = consumed }
        if consumed { actions.append(.takeConsumed) }
    }

    mutating func agentClosed(_ id: ExchangeID, _ actions: inout ActionBuffer) {
        guard var flight = flights.removeValue(forKey: id) else { return }
        trace.append(.agentClosed(number(id)), at: now)
        if !flight.isWhole { update(id) { $0.cancelled = true } }
        // It left where it had left while recording: it took what it wanted. How many bytes
        // were under way is for its own clock to decide, so they are not compared.
        let tookAll = flight.ordinal.map { leftWhileRecording($0) || hangs(flight) } ?? false
        settle(id, &flight, consumed: tookAll && !flight.keepsTake, &actions)
    }

    /// Whether all was sent that will ever be.
    private func hangs(_ flight: Flight) -> Bool {
        let rest = flight.delivery.steps[flight.next...]
        return flight.delivery.ending == .hang && rest.allSatisfy { $0.step == nil }
    }

    private func leftWhileRecording(_ ordinal: Int) -> Bool {
        let recorded = try? cache.entry(ordinal, tape: tape).interaction
        return recorded?.agentLeftAfterBytes != nil
    }
}
