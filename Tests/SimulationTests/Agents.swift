import Cassette
import Determinism
import Simulation

/// Asks one thing after the other, retries errors after a delay, gives up on slow answers.
struct ChatAgent: InProcessAgent {
    var steps: [(upstream: String, request: RecordedRequest)]
    var attemptsMax = 3
    var backOff = SimDuration.milliseconds(500)
    var timeOut: SimDuration?
    /// Whether each step goes out at once, or after the one before.
    var isParallel = false

    private var next = 0
    private var tags = 0
    private var waiters = 0
    private var open: [RequestTag: Call] = [:]
    private var retries: [WaiterID: Call] = [:]
    private var timeOuts: [WaiterID: RequestTag] = [:]

    struct Call {
        var step: Int
        var attempt: Int
        var status = 0
        var wait: SimDuration?
        var limit: WaiterID?
    }

    init(
        _ steps: [(upstream: String, request: RecordedRequest)], attemptsMax: Int = 3,
        timeOut: SimDuration? = nil, isParallel: Bool = false
    ) {
        self.steps = steps
        self.attemptsMax = attemptsMax
        self.timeOut = timeOut
        self.isParallel = isParallel
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: begin(&outputs)
        case .head(let tag, let status, let headers):
            open[tag]?.status = status
            open[tag]?.wait = headers.first("retry-after-ms").flatMap { Int64($0) }
                .map { .milliseconds($0) }
        case .body: break
        case .ended(let tag): ended(tag, now, &outputs)
        case .closed(let tag), .reset(let tag): failed(tag, &outputs)
        case .timer(let waiter):
            if let call = retries.removeValue(forKey: waiter) { send(call, &outputs) }
            if let tag = timeOuts.removeValue(forKey: waiter) {
                outputs.append(.cancel(tag))
                failed(tag, &outputs)
            }
        }
    }

    private mutating func begin(_ outputs: inout [AgentOutput]) {
        repeat {
            guard next < steps.count else { return }
            send(Call(step: next, attempt: 1), &outputs)
            next += 1
        } while isParallel
    }

    private mutating func send(_ call: Call, _ outputs: inout [AgentOutput]) {
        tags += 1
        var call = call
        let tag = RequestTag(tags)
        outputs.append(
            .request(tag, upstream: steps[call.step].upstream, steps[call.step].request))
        if let timeOut {
            waiters += 1
            call.limit = WaiterID(waiters)
            timeOuts[WaiterID(waiters)] = tag
            outputs.append(.startTimer(WaiterID(waiters), after: timeOut))
        }
        open[tag] = call
    }

    private mutating func ended(
        _ tag: RequestTag, _ now: SimInstant, _ outputs: inout [AgentOutput]
    ) {
        guard let call = open[tag] else { return }
        guard call.status < 400 else { return failed(tag, &outputs) }
        close(tag, &outputs)
        let line = "\(call.step) at \(now.nanoseconds / 1_000_000)\n"
        outputs.append(.write(.standardOutput, Array(line.utf8)))
        if !isParallel { begin(&outputs) }
        finishIfDone(&outputs)
    }

    private mutating func failed(_ tag: RequestTag, _ outputs: inout [AgentOutput]) {
        guard var call = open[tag] else { return }
        close(tag, &outputs)
        guard call.attempt < attemptsMax else {
            outputs.append(.exit(.code(1)))
            return
        }
        call.attempt += 1
        waiters += 1
        retries[WaiterID(waiters)] = call
        outputs.append(.startTimer(WaiterID(waiters), after: call.wait ?? backOff))
    }

    private mutating func close(_ tag: RequestTag, _ outputs: inout [AgentOutput]) {
        guard let limit = open.removeValue(forKey: tag)?.limit else { return }
        if timeOuts.removeValue(forKey: limit) != nil { outputs.append(.stopTimer(limit)) }
    }

    private func finishIfDone(_ outputs: inout [AgentOutput]) {
        if open.isEmpty, retries.isEmpty { outputs.append(.exit(.code(0))) }
    }
}

/// Does what a script says for each input; anything else does nothing.
struct ScriptAgent: InProcessAgent {
    var script: @Sendable (AgentInput, SimInstant) -> [AgentOutput]

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        outputs += script(input, now)
    }
}
