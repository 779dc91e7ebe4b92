internal import Cassette
internal import Determinism
internal import Faults

/// An agent that is a server: asking it is one more thing that happens at its time.
extension World {
    mutating func inquire(_ event: InquiryEvent, _ actions: inout ActionBuffer) {
        guard let due = inquiry?.handle(event) else { return }
        noteInquiry()
        for action in due { perform(action, &actions) }
    }

    /// Puts off a limit that counts from the last thing that happened.
    mutating func putsOff(_ reminder: Int, from instant: SimInstant) -> Bool {
        guard let patience = inquiry?.patience(reminder), lastSign + patience > instant else {
            return false
        }
        queue.push(at: lastSign + patience, class: 2, .reminder(reminder))
        return true
    }

    /// Notes what is still owed when the run ends.
    mutating func endInquiry() {
        guard inquiry != nil else { return }
        inquiry?.end()
        trace.unmet = inquiry?.unmet
        noteInquiry()
    }

    /// Why nobody can ask the agent anything more now; nil where somebody can.
    var turnRefusal: String? {
        guard let inquiry else { return "nobody asks the agent: it is no server (`--ask`)" }
        guard isClockVirtual else {
            return "the agent's clock is real: there is no instant at which it is asked each time"
        }
        return inquiry.disturbanceRefusal
    }

    /// Has the question that waits disturbed.
    mutating func disturb(
        _ disturbance: Disturbance, at exchange: Int, _ actions: inout ActionBuffer
    ) {
        guard let due = inquiry?.disturb(disturbance) else {
            withdraw(
                [FaultKind.disturbing], at: exchange,
                "the question was answered before it could be disturbed")
            return
        }
        matcher.allowRepeats()
        noteInquiry()
        for action in due { perform(action, &actions) }
    }

    private mutating func noteInquiry() {
        for entry in inquiry?.takeEntries() ?? [] { trace.append(.inquiry(entry), at: now) }
        trace.asked = inquiry?.records ?? []
    }

    private mutating func perform(_ action: InquiryAction, _ actions: inout ActionBuffer) {
        switch action {
        case .remind(let number, let span) where options.clock == .virtual:
            queue.push(at: now + span, class: 2, .reminder(number))
        case .giveUp(let reason): stop(reason, &actions)
        case .ask, .hangUp, .remind, .dismiss: actions.append(.inquiry(action))
        }
    }
}
