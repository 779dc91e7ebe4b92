import Cassette
import Determinism
import Simulation

/// Asks its questions in groups; each group goes out at once, and the next when it is answered.
struct GroupAgent: InProcessAgent {
    /// What it does when a question stays without an answer.
    enum Failure: Hashable, Sendable {
        /// It ends with 1.
        case giveUp
        /// It goes on without the answer.
        case goOn
        /// It asks this group next instead of the one that is due.
        case branch(Int)
    }

    struct Question {
        var upstream: String
        var request: RecordedRequest
    }

    struct Call {
        var question: Int
        var attempt: Int
        var status = 0
        var bytes = 0
        var limit: WaiterID?
    }

    var questions: [Question]
    var groups: [[Int]]
    var attemptsMax = 1
    var failure = Failure.giveUp
    /// How long it waits for a whole answer.
    var timeOut: SimDuration?
    var backOff = SimDuration.milliseconds(250)
    /// How often all calls may be tried again together; a budget that retries share.
    var retriesMax = Int.max

    private var group = 0
    private var tags = 0
    private var timers = 0
    private var retries = 0
    private var hasFailed = false
    private var open: [RequestTag: Call] = [:]
    private var waiting: [WaiterID: Call] = [:]
    private var limits: [WaiterID: RequestTag] = [:]

    init(_ questions: [Question], groups: [[Int]]? = nil) {
        self.questions = questions
        self.groups = groups ?? questions.indices.map { [$0] }
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: begin(&outputs)
        case .head(let tag, let status, _): open[tag]?.status = status
        case .body(let tag, let bytes): open[tag]?.bytes += bytes.count
        case .ended(let tag):
            if open[tag]?.status ?? 0 < 400 { answered(tag, &outputs) } else { fail(tag, &outputs) }
        case .closed(let tag), .reset(let tag): fail(tag, &outputs)
        case .timer(let timer):
            if let call = waiting.removeValue(forKey: timer) { send(call, &outputs) }
            if let tag = limits.removeValue(forKey: timer) {
                outputs.append(.cancel(tag))
                fail(tag, &outputs)
            }
        }
    }

    private mutating func begin(_ outputs: inout [AgentOutput]) {
        guard group < groups.count else {
            outputs.append(.exit(.code(0)))
            return
        }
        for question in groups[group] {
            send(Call(question: question, attempt: 1), &outputs)
        }
    }

    private mutating func send(_ call: Call, _ outputs: inout [AgentOutput]) {
        var call = call
        tags += 1
        let tag = RequestTag(tags)
        let question = questions[call.question]
        outputs.append(.request(tag, upstream: question.upstream, question.request))
        if let timeOut {
            timers += 1
            call.limit = WaiterID(timers)
            limits[WaiterID(timers)] = tag
            outputs.append(.startTimer(WaiterID(timers), after: timeOut))
        }
        open[tag] = call
    }

    private mutating func close(_ tag: RequestTag, _ outputs: inout [AgentOutput]) -> Call? {
        guard let call = open.removeValue(forKey: tag) else { return nil }
        if let limit = call.limit, limits.removeValue(forKey: limit) != nil {
            outputs.append(.stopTimer(limit))
        }
        return call
    }

    private mutating func answered(_ tag: RequestTag, _ outputs: inout [AgentOutput]) {
        guard let call = close(tag, &outputs) else { return }
        let line = "\(call.question): \(call.bytes)\n"
        outputs.append(.write(.standardOutput, Array(line.utf8)))
        goOn(&outputs)
    }

    private mutating func fail(_ tag: RequestTag, _ outputs: inout [AgentOutput]) {
        guard var call = close(tag, &outputs) else { return }
        guard call.attempt >= attemptsMax || retries >= retriesMax else {
            retries += 1
            timers += 1
            call.attempt += 1
            call.status = 0
            call.bytes = 0
            waiting[WaiterID(timers)] = call
            outputs.append(.startTimer(WaiterID(timers), after: backOff))
            return
        }
        if failure == .giveUp { return outputs.append(.exit(.code(1))) }
        hasFailed = true
        goOn(&outputs)
    }

    private mutating func goOn(_ outputs: inout [AgentOutput]) {
        guard open.isEmpty, waiting.isEmpty else { return }
        group += 1
        if hasFailed, case .branch(let other) = failure { group = max(group, other) }
        hasFailed = false
        begin(&outputs)
    }
}
