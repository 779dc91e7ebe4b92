import Cassette
import Determinism
import Simulation

// Three agents that one fault is enough for.

/// Tries again what the server did wrong; the mistake: to be asked for patience is not among it.
struct NoPatienceAgent: InProcessAgent {
    var wire: BugWire

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .answered(let status, _) where status < 400: wire.next(&outputs)
        case .answered(let status, _) where status >= 500 && wire.attempt < 4:
            wire.retry(after: .milliseconds(500), &outputs)
        case .answered: wire.exit(1, &outputs)
        case .broken: wire.retry(after: .milliseconds(500), &outputs)
        case .chunk, .alarm, nil: break
        }
    }
}

/// Tries again after errors; the mistake: a time-out of 30 s is final.
struct FinalTimeOutAgent: InProcessAgent {
    var wire: BugWire

    init(wire: BugWire) {
        self.wire = wire
        self.wire.timeOut = .seconds(30)
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .answered(let status, _) where status < 400: wire.next(&outputs)
        case .broken(.timeOut): wire.exit(1, &outputs)
        case .answered, .broken: wire.retry(after: .milliseconds(500), &outputs)
        case .chunk, .alarm, nil: break
        }
    }
}

/// Shows the text of each answer; the mistake: a clean end of the body is the end of the text,
/// also where the event that ends it never came.
struct CleanEndAgent: InProcessAgent {
    var wire: BugWire

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .answered(let status, let body) where status < 400:
            wire.say(BugContentReader.text(of: body) + "\n", &outputs)
            wire.next(&outputs)
        case .answered, .broken: wire.retry(after: .milliseconds(500), &outputs)
        case .chunk, .alarm, nil: break
        }
    }
}
