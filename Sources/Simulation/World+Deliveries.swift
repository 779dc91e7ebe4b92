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
        if isClockVirtual {
            guard var flight = flights[waiting.id] else { return }
            schedule(waiting.id, &flight, &actions)
            flights[waiting.id] = flight
        } else {
            sendNext(waiting.id, &actions)
        }
    }

    /// A delivery that begins now.
    mutating func flight(of delivery: PreparedDelivery) -> Flight {
        deliveries.append(delivery)
        return Flight(place: deliveries.count - 1, startedAt: now)
    }

    /// Puts a request into the trace, with its answer under way; false when there is no answer.
    @discardableResult
    mutating func open(_ waiting: Waiting) -> Bool {
        var record = record(of: waiting)
        let flight = answer(waiting.reading, &record)
        let place = trace.exchanges.count
        places[waiting.id] = place
        trace.entries.append(.request, record.id.number, at: now)
        trace.exchanges.append(consume record)
        guard var flight else { return false }
        flight.exchange = place
        flights[waiting.id] = flight
        return true
    }

    private mutating func schedule(
        _ id: ExchangeID, _ flight: inout Flight, _ actions: inout ActionBuffer
    ) {
        guard flight.next < deliveries[flight.place].steps.count else { return }
        guard !deliveries[flight.place].isEndless(flight.next) else {
            // A hang is nothing that will ever happen.
            hang(id, &flight, &actions)
            return
        }
        let at = deliveries[flight.place].steps[flight.next].at
        queue.push(at: flight.startedAt + at, class: 0, .step(id))
    }

    mutating func sendNext(_ id: ExchangeID, _ actions: inout ActionBuffer) {
        guard var flight = flights[id], flight.next < deliveries[flight.place].steps.count
        else { return }
        let isOver = sendStep(id, &flight, &actions)
        flights[id] = isOver ? nil : flight
        // Where nothing more is sent, nothing is waited for.
        if let due = crashDue, deliveries[flight.place].isHang(flight.next - 1) {
            strike(due.crash, &actions)
        }
    }

    /// Sends the step that is next; true when nothing comes after it.
    private mutating func sendStep(
        _ id: ExchangeID, _ flight: inout Flight, _ actions: inout ActionBuffer
    ) -> Bool {
        let delivery = deliveries[flight.place]
        let index = flight.next
        let before = index == 0 ? .zero : delivery.steps[index - 1].at
        flight.next += 1
        if index == 0, delivery.wallShift != .zero {
            wallShift = wallShift + delivery.wallShift
            actions.append(.shiftWall(delivery.wallShift))
        }
        trace.entries.append(
            .step, trace.exchanges[flight.exchange].id.number, Int64(index), at: now)
        trace.exchanges[flight.exchange].sentCount = index + 1
        if let disturbance = delivery.disturbance, index == delivery.steps.count / 2 {
            disturb(disturbance, at: flight.exchange, &actions)
        }
        let isHang = delivery.isHang(index)
        let isLast = flight.next == delivery.steps.count
        if delivery.wholeAtStep == index {
            flight.isWhole = true
            settle(id, &flight, consumed: !flight.keepsTake, &actions)
        } else if isLast, !isHang {
            settle(id, &flight, consumed: false, &actions)
        }
        if let fate = delivery.programFate, delivery.wholeAtStep == index {
            strikeProgram(fate, at: flight.exchange, &actions)
        }
        if let crash = delivery.crash, flight.isWhole || isLast { noteCrash(crash, at: id) }
        // Before the bytes that let the agent go on: it must not find the connection still open.
        if flight.isWhole || (isLast && !isHang) { closeIdle(after: id, &actions) }
        if let act = delivery.steps[index].step {
            actions.append(.send(id, act, after: delivery.steps[index].at - before))
        }
        if isHang {
            hang(id, &flight, &actions)
        } else if isLast {
            return true
        }
        if isClockVirtual { schedule(id, &flight, &actions) }
        return false
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
        if !flight.isWhole {
            update(id) { $0.cancelled = true }
            if deliveries[flight.place].crash != nil {
                withdrawCrash(at: id, "the agent left the answer before it could be killed")
            }
        }
        // It left where it had left while recording: it took what it wanted. How many bytes
        // were under way is for its own clock to decide, so they are not compared.
        let tookAll = flight.ordinal.map { leftWhileRecording($0) || hangs(flight) } ?? false
        settle(id, &flight, consumed: tookAll && !flight.keepsTake, &actions)
    }

    /// Whether all was sent that will ever be.
    private func hangs(_ flight: Flight) -> Bool {
        let delivery = deliveries[flight.place]
        let rest = delivery.steps[flight.next...]
        return delivery.ending == .hang && rest.allSatisfy { $0.step == nil }
    }

    private func leftWhileRecording(_ ordinal: Int) -> Bool {
        let recorded = try? cache.entry(ordinal, tape: tape).interaction
        return recorded?.agentLeftAfterBytes != nil
    }
}
