import Cassette
import Determinism
import Simulation

/// Ends with 1 when what it waits for comes too late.
struct ImpatientAgent: InProcessAgent {
    var questions: [GroupAgent.Question]
    /// `whole`, `head`, `first byte`, `next byte`; `retry` for the whole of a second attempt.
    var wait: String
    var limit: SimDuration

    private var next = 0
    private var tags = 0
    private var timers = 0
    private var timer: WaiterID?
    private var status = 0

    init(questions: [GroupAgent.Question], wait: String, limit: SimDuration) {
        self.questions = questions
        self.wait = wait
        self.limit = limit
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: ask(isRetry: false, &outputs)
        case .head(_, let code, _):
            status = code
            if wait == "head" { stop(&outputs) }
        case .body:
            if wait == "first byte" { stop(&outputs) }
            if wait == "next byte" { start(&outputs) }
        case .ended:
            stop(&outputs)
            if status >= 400 { return ask(isRetry: true, &outputs) }
            next += 1
            next < questions.count
                ? ask(isRetry: false, &outputs) : outputs.append(.exit(.code(0)))
        case .closed, .reset, .timer: outputs.append(.exit(.code(1)))
        }
    }

    private mutating func ask(isRetry: Bool, _ outputs: inout [AgentOutput]) {
        tags += 1
        outputs.append(
            .request(
                RequestTag(tags), upstream: questions[next].upstream, questions[next].request))
        if wait == "retry" ? isRetry : wait != "next byte" { start(&outputs) }
    }

    private mutating func start(_ outputs: inout [AgentOutput]) {
        stop(&outputs)
        timers += 1
        timer = WaiterID(timers)
        outputs.append(.startTimer(WaiterID(timers), after: limit))
    }

    private mutating func stop(_ outputs: inout [AgentOutput]) {
        if let timer { outputs.append(.stopTimer(timer)) }
        timer = nil
    }
}

/// Asks for two orders at once; a naive one takes the first answer for that to the first question.
struct TwinAgent: InProcessAgent {
    var questions: [GroupAgent.Question]
    var isNaive: Bool

    private var answered: [RequestTag] = []

    init(questions: [GroupAgent.Question], isNaive: Bool) {
        self.questions = questions
        self.isNaive = isNaive
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started:
            for (place, number) in [1, 3].enumerated() {
                outputs.append(
                    .request(
                        RequestTag(place), upstream: questions[number].upstream,
                        questions[number].request))
            }
        case .ended(let tag):
            answered.append(tag)
            guard answered.count == 2 else { return }
            let isRight = !isNaive || answered == [RequestTag(0), RequestTag(1)]
            outputs.append(.exit(.code(isRight ? 0 : 1)))
        default: break
        }
    }
}

/// Tries again without end; one that loops stops asking after the third error until its circuit is
/// closed, which nothing ever does.
struct EndlessAgent: InProcessAgent {
    var questions: [GroupAgent.Question]
    var loops: Bool

    private var next = 0
    private var tags = 0
    private var errors = 0
    private var status = 0

    init(questions: [GroupAgent.Question], loops: Bool) {
        self.questions = questions
        self.loops = loops
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: ask(&outputs)
        case .timer:
            // The mistake: the circuit is opened here, and closed by an answer only.
            loops && errors >= 3 ? wait(&outputs) : ask(&outputs)
        case .head(_, let code, _): status = code
        case .body: break
        case .ended:
            if status >= 400 {
                errors += 1
                return wait(&outputs)
            }
            errors = 0
            next += 1
            next < questions.count ? ask(&outputs) : outputs.append(.exit(.code(0)))
        case .closed, .reset: outputs.append(.exit(.code(1)))
        }
    }

    private func wait(_ outputs: inout [AgentOutput]) {
        outputs.append(.startTimer(WaiterID(1), after: .seconds(60)))
    }

    private mutating func ask(_ outputs: inout [AgentOutput]) {
        tags += 1
        outputs.append(
            .request(
                RequestTag(tags), upstream: questions[next].upstream, questions[next].request))
    }
}
