import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation

/// A small tape, agents that treat it differently, and runners around them.
enum ExplorerFixture {
    static let upstreams = [
        Upstream(name: "llm", kind: .model, address: "https://llm.example"),
        Upstream(name: "shop", kind: .tool, address: "https://shop.example"),
    ]

    static func chat(_ text: String) -> RecordedRequest {
        let body: JSONValue = [
            "model": "m", "messages": [["role": "user", "content": .string(text)]],
            "stream": true,
        ]
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions", body: body.encoded())
    }

    static func order(_ number: Int) -> RecordedRequest {
        RecordedRequest(method: "GET", target: "/orders/\(number)", body: [])
    }

    static func words(_ words: [String]) -> RecordedResponse {
        var chunks = words.map { word in
            #"data: {"choices":[{"index":0,"delta":{"content":"\#(word)"}}]}"# + "\n\n"
        }
        chunks.append(
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n")
        chunks.append("data: [DONE]\n\n")
        return response(chunks, type: "text/event-stream")
    }

    static func response(_ chunks: [String], type: String = "application/json") -> RecordedResponse
    {
        RecordedResponse(
            status: 200, headers: [HeaderField("content-type", type)], headAt: .milliseconds(10),
            chunks: chunks.enumerated().map { place, text in
                Chunk(at: .milliseconds(20 + 10 * Int64(place)), bytes: Array(text.utf8))
            }, endAt: .milliseconds(20 + 10 * Int64(chunks.count)))
    }

    static func tape(
        _ calls: [(upstream: String, request: RecordedRequest, response: RecordedResponse)]
    ) throws -> Tape {
        let interactions = calls.enumerated().map { place, call in
            Interaction(
                ordinal: place + 1, upstream: call.upstream, request: call.request,
                response: call.response, ending: .complete)
        }
        return try Tape(
            MemoryStore(
                manifest: Manifest(toolVersion: "1", upstreams: upstreams),
                interactions: interactions))
    }

    /// Model and tool in turns.
    static func tape(count: Int = 5) throws -> Tape {
        try tape(
            (1...count).map { number in
                number % 2 == 1
                    ? ("llm", chat("question \(number)"), words(["Answer", " \(number)", "."]))
                    : ("shop", order(number), response([#"{"id":\#(number),"state":"sent"}"#]))
            })
    }

    static func questions(count: Int = 5) -> [GroupAgent.Question] {
        (1...count).map { number in
            number % 2 == 1
                ? .init(upstream: "llm", request: chat("question \(number)"))
                : .init(upstream: "shop", request: order(number))
        }
    }

    /// Two of these have the same bytes; the delay is longer than any agent here waits.
    static let kinds = ["server-error", "rate-limit-429", "rate-limit-lying", "ttfb-spike"]

    static func scenario(
        _ kinds: [String] = kinds, rules: [JSONValue] = [["exit_code": 0]]
    ) -> Scenario {
        Scenario(
            name: "small", faults: kinds.map { FaultEntry(fault: $0) }, invariants: rules)
    }

    static func space(
        _ scenario: Scenario = scenario(), count: Int = 5, draws: Int = 1
    ) throws -> FaultSpace {
        try FaultSpace(
            scenario, tape: tape(count: count), options: FaultSpace.Options(draws: draws))
    }

    /// Agents by name, each with another way to meet a fault.
    static let agents: [String] = [
        "stops early", "retries", "branches", "parallel", "shares a budget",
    ]

    static func agent(_ name: String, count: Int = 5) -> GroupAgent {
        var agent = GroupAgent(questions(count: count))
        switch name {
        case "retries":
            agent.attemptsMax = 3
            agent.timeOut = .seconds(20)
        case "branches":
            agent.failure = .branch(count - 1)
            agent.timeOut = .seconds(20)
        case "parallel":
            agent = GroupAgent(questions(count: count), groups: [[0, 1, 2], Array(3..<count)])
            agent.failure = .goOn
            agent.attemptsMax = 2
            agent.timeOut = .seconds(20)
        case "shares a budget":
            agent = GroupAgent(questions(count: count), groups: [[0, 1], [2], Array(3..<count)])
            agent.attemptsMax = 3
            agent.retriesMax = 2
            agent.failure = .branch(2)
            agent.timeOut = .seconds(20)
        default: agent.timeOut = .seconds(20)
        }
        return agent
    }

    static func runner(_ agent: GroupAgent, _ space: FaultSpace) -> InProcessRunner<GroupAgent> {
        InProcessRunner(agent, tape: space.tape, sharesBeginnings: true)
    }

    static func explore(
        _ name: String, _ space: FaultSpace, _ options: ExplorationOptions, count: Int = 5
    ) throws -> Exploration {
        var explorer = Explorer(
            space, runner: runner(agent(name, count: count), space), options: options)
        return try explorer.explore()
    }
}

extension Exploration {
    /// What a certificate of it says; whom it is about decides nothing here.
    private var certificate: Certificate {
        Certificate(
            self,
            identity: CertificateIdentity(
                cassette: base.cassette, agent: Digest(hashing: []), agentDescription: "agent",
                scenario: ExplorerFixture.scenario(), space: FaultSpace.Options(),
                options: ExplorationOptions(phases: [])))
    }

    func tally(_ phase: ExplorationPhase) -> StandingTally { certificate.tally(phase) }

    var isComplete: Bool { certificate.isComplete }
}

/// Remembers what it saw, as a journal does; says how many plans it really ran.
final class RememberingRunner<Inner: PlanRunner>: PlanRunner {
    let width: Int
    private(set) var runs = 0
    private(set) var batches = 0
    private var inner: Inner
    private var known: [Plan: Observation] = [:]

    init(_ inner: Inner, width: Int = 1) {
        self.inner = inner
        self.width = width
    }

    func run(_ plans: [Plan]) throws -> [Observation] {
        batches += 1
        return try plans.map { plan in
            if let seen = known[plan] { return seen }
            runs += 1
            let seen: Observation = try inner.run(plan)
            known[plan] = seen
            return seen
        }
    }
}
