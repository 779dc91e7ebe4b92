import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation

/// Asks one question after the other; what it does about errors and slow answers is adjustable, and
/// wrong where the adjustment is.
struct ShrinkAgent: InProcessAgent {
    typealias Step = (upstream: String, request: RecordedRequest)

    var steps: [Step]
    /// How often it asks the same thing before it gives up.
    var attemptsMax = 3
    /// How many errors it bears in all.
    var errorsMax = Int.max
    /// How long it waits for an answer to end.
    var timeOut: SimDuration?
    /// Whether it gives up at the first slow answer.
    var isImpatient = false
    /// How long it waits once something went wrong, and then gives up; nil for as long as before.
    var hurriedTimeOut: SimDuration?
    var backOff = SimDuration.milliseconds(500)

    private var next = 0
    private var attempt = 1
    private var errors = 0
    private var status = 0
    private var number = 0
    private var isOpen = false
    private var limit: WaiterID?

    init(_ steps: [Step]) {
        self.steps = steps
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: ask(&outputs)
        case .head(_, let code, _): status = code
        case .body: break
        case .ended:
            guard isOpen else { return }
            status < 400 ? goOn(&outputs) : fail(&outputs)
        case .closed, .reset: if isOpen { fail(&outputs) }
        case .timer(let waiter):
            guard isOpen else { return ask(&outputs) }
            guard waiter == limit else { return }
            outputs.append(.cancel(RequestTag(number)))
            if isImpatient || (hurriedTimeOut != nil && errors > 0) {
                return outputs.append(.exit(.code(1)))
            }
            fail(&outputs)
        }
    }

    private mutating func ask(_ outputs: inout [AgentOutput]) {
        guard next < steps.count else { return outputs.append(.exit(.code(0))) }
        number += 1
        isOpen = true
        outputs.append(
            .request(RequestTag(number), upstream: steps[next].upstream, steps[next].request))
        guard let timeOut = errors > 0 ? hurriedTimeOut ?? timeOut : timeOut else { return }
        limit = WaiterID(number * 2)
        outputs.append(.startTimer(WaiterID(number * 2), after: timeOut))
    }

    private mutating func close(_ outputs: inout [AgentOutput]) {
        isOpen = false
        if let limit { outputs.append(.stopTimer(limit)) }
        limit = nil
    }

    private mutating func goOn(_ outputs: inout [AgentOutput]) {
        close(&outputs)
        next += 1
        attempt = 1
        ask(&outputs)
    }

    private mutating func fail(_ outputs: inout [AgentOutput]) {
        close(&outputs)
        errors += 1
        attempt += 1
        guard attempt <= attemptsMax, errors <= errorsMax else {
            return outputs.append(.exit(.code(1)))
        }
        outputs.append(.startTimer(WaiterID(number * 2 + 1), after: backOff))
    }
}

/// A tape of three questions to a model, each followed by a look into a shop.
enum ShrinkTape {
    static func question(_ number: Int) -> RecordedRequest {
        let body: JSONValue = [
            "model": "m", "stream": true,
            "messages": [["role": "user", "content": .string("question \(number)")]],
        ]
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions", body: body.encoded())
    }

    static func look(_ number: Int) -> RecordedRequest {
        RecordedRequest(method: "GET", target: "/orders/\(number)")
    }

    static let steps: [ShrinkAgent.Step] = (1...3).flatMap { number in
        [("llm", question(number)), ("shop", look(number))]
    }

    /// The head at 10 ms, the chunks at 20 ms, 30 ms and so on.
    private static func interaction(_ place: Int) -> Interaction {
        let isModel = place % 2 == 0
        let word = #"{"choices":[{"index":0,"delta":{"content":"a word"}}]}"#
        let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        let chunks =
            isModel
            ? [word, word, word, end, "[DONE]"].map { "data: \($0)\n\n" } : [#"{"state":"sent"}"#]
        return Interaction(
            ordinal: place + 1, upstream: steps[place].upstream, request: steps[place].request,
            response: RecordedResponse(
                status: 200,
                headers: [
                    HeaderField(
                        "content-type", isModel ? "text/event-stream" : "application/json")
                ],
                headAt: .milliseconds(10),
                chunks: chunks.enumerated().map { index, text in
                    Chunk(at: .milliseconds(20 + 10 * Int64(index)), bytes: Array(text.utf8))
                }, endAt: .milliseconds(20 + 10 * Int64(chunks.count))),
            ending: .complete)
    }

    static func tape() throws -> Tape {
        try Tape(
            MemoryStore(
                manifest: Manifest(
                    toolVersion: "1",
                    upstreams: [
                        Upstream(name: "llm", kind: .model, address: "https://llm.example"),
                        Upstream(name: "shop", kind: .tool, address: "https://shop.example"),
                    ]), interactions: steps.indices.map(interaction)))
    }

    static func fault(
        _ id: String, _ tape: Tape, ordinal: Int, attempt: Int? = 1, _ given: [JSONMember] = []
    ) -> PlannedFault {
        var fault = ShrinkFixture.fault(id, call: 1, given)
        let row = tape.entry(ordinal)
        fault.anchor = Anchor(
            fingerprint: row.fingerprint, take: row.take, attempt: attempt,
            upstream: row.upstream, call: row.call)
        return fault
    }

    /// A plan under which the agent must end with code 0.
    static func plan(_ tape: Tape, _ faults: [PlannedFault]) -> Plan {
        Plan(cassette: tape.hash, faults: faults, invariants: [["exit_code": 0]])
    }
}
