import Cassette
import Determinism
import Simulation

// Three agents that need three faults together.

/// Waits twice as long after each error in a row; the mistake: the milliseconds are counted in 16
/// bits, and a wait that came out negative is taken for a deadline that has passed.
struct ShortCounterAgent: InProcessAgent {
    var wire: BugWire
    private var errors = 0

    init(wire: BugWire) {
        self.wire = wire
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .answered(let status, _) where status < 400:
            errors = 0
            wire.next(&outputs)
        case .answered, .broken:
            errors += 1
            let delay = Int16(truncatingIfNeeded: 5_000 << errors)
            guard delay > 0 else { return wire.exit(1, &outputs) }
            wire.retry(after: .milliseconds(Int64(delay)), &outputs)
        case .chunk, .alarm, nil: break
        }
    }
}

/// Tries again up to twice; the mistake: twice in the whole session, not at each call.
struct OneBudgetAgent: InProcessAgent {
    var wire: BugWire
    private var retries = 0

    init(wire: BugWire) {
        self.wire = wire
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .answered(let status, _) where status < 400: wire.next(&outputs)
        case .answered, .broken:
            retries += 1
            guard retries <= 2 else { return wire.exit(1, &outputs) }
            wire.retry(after: .milliseconds(500), &outputs)
        case .chunk, .alarm, nil: break
        }
    }
}

/// Takes the last good answer of a tool in place of a failed one, once the session is slow: an
/// answer took more than 10 s.
///
/// More than one such answer in a row is too old; the mistake: the count is never set back.
struct StaleAnswerAgent: InProcessAgent {
    var wire: BugWire
    private var isSlow = false
    private var hasAnswer = false
    private var staleAnswers = 0

    init(wire: BugWire) {
        self.wire = wire
        self.wire.alarmAfter = .seconds(10)
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        let isTool = wire.questions[min(wire.index, wire.questions.count - 1)].upstream == "shop"
        switch wire.take(input, &outputs) {
        case .alarm: isSlow = true
        case .answered(let status, _) where status < 400:
            if isTool { hasAnswer = true }
            wire.next(&outputs)
        case .answered where isTool && isSlow && hasAnswer:
            staleAnswers += 1
            staleAnswers > 1 ? wire.exit(1, &outputs) : wire.next(&outputs)
        case .answered, .broken: wire.retry(after: .milliseconds(500), &outputs)
        case .chunk, nil: break
        }
    }
}
