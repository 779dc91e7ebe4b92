import Cassette
import Determinism
import Simulation

// Four agents that need two faults together.

/// Reads texts as they come.
///
/// The first attempt may have left the reader in the middle of anything, so a later one clears it;
/// the mistake: before every chunk, not before the first.
struct EscapeAgent: InProcessAgent {
    var wire: BugWire
    private var reader = BugContentReader()

    init(wire: BugWire) {
        self.wire = wire
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .chunk(let bytes):
            if wire.attempt > 1 { reader.isEscaped = false }
            reader.read(bytes)
        case .answered(let status, _) where status < 400:
            wire.say(String(decoding: reader.text, as: UTF8.self) + "\n", &outputs)
            reader = BugContentReader()
            wire.next(&outputs)
        case .answered, .broken:
            reader = BugContentReader()
            wire.retry(after: .milliseconds(500), &outputs)
        case .alarm, nil: break
        }
    }
}

/// Keeps a transcript.
///
/// A chunk that comes twice means that the server replays what it sent, so that after a reset
/// nothing of one's own need be kept; the mistake: that is believed for ever, not only for the
/// answer in which it was seen.
struct TranscriptAgent: InProcessAgent {
    var wire: BugWire
    private var transcript: [Int] = []
    private var last: [UInt8] = []
    private var isReplaying = false

    init(wire: BugWire) {
        self.wire = wire
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .chunk(let bytes):
            if bytes == last { isReplaying = true }
            last = bytes
        case .answered(let status, _) where status < 400:
            last = []
            transcript.append(wire.index)
            if wire.index + 1 < wire.questions.count { return wire.next(&outputs) }
            wire.exit(transcript.count == wire.questions.count ? 0 : 1, &outputs)
        case .broken:
            last = []
            if isReplaying { transcript = [] }
            wire.retry(after: .milliseconds(500), &outputs)
        case .answered:
            last = []
            wire.retry(after: .milliseconds(500), &outputs)
        case .alarm, nil: break
        }
    }
}

/// Shows that it works when an answer takes more than 10 s, and from then on reads with the code
/// that shows progress; the mistake: that code does not look at the status.
struct SlowPathAgent: InProcessAgent {
    var wire: BugWire
    private var showsProgress = false

    init(wire: BugWire) {
        self.wire = wire
        self.wire.alarmAfter = .seconds(10)
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .alarm: showsProgress = true
        case .answered(let status, let body) where status < 400 || showsProgress:
            let text = String(decoding: body, as: UTF8.self)
            if wire.questions[wire.index].upstream == "shop", !text.contains(#""state""#) {
                // It wants a member of the order that an error does not have.
                return wire.exit(1, &outputs)
            }
            wire.next(&outputs)
        case .answered, .broken: wire.retry(after: .milliseconds(500), &outputs)
        case .chunk, nil: break
        }
    }
}

/// Goes over to a small model when the large one fails, and makes its requests anew from there; the
/// mistake: without the key that makes a refund safe to repeat.
struct FallbackAgent: InProcessAgent {
    var wire: BugWire
    let fallback: RecordedRequest
    private var hasFallenBack = false

    init(wire: BugWire, fallback: RecordedRequest) {
        self.wire = wire
        self.fallback = fallback
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch wire.take(input, &outputs) {
        case .answered(let status, _) where status < 400: next(&outputs)
        case .answered, .broken:
            let isModel = wire.questions[wire.index].upstream == "llm"
            if isModel, !hasFallenBack {
                hasFallenBack = true
                return wire.retry(after: .zero, with: fallback, &outputs)
            }
            wire.retry(after: .seconds(1), with: isModel ? nil : bare, &outputs)
        case .chunk, .alarm, nil: break
        }
    }

    /// The request that is due without the headers that only the first path sets.
    private var bare: RecordedRequest? {
        guard hasFallenBack else { return nil }
        var request = wire.questions[wire.index].request
        request.headers.remove("idempotency-key")
        return request
    }

    private mutating func next(_ outputs: inout [AgentOutput]) {
        wire.next(&outputs)
        guard hasFallenBack, wire.index < wire.questions.count, let bare else { return }
        for place in outputs.indices {
            if case .request(let tag, let upstream, _) = outputs[place] {
                outputs[place] = .request(tag, upstream: upstream, bare)
            }
        }
    }
}
