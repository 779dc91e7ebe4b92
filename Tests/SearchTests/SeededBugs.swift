import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation

/// An agent with a mistake that is known, and what is needed to see it.
struct SeededBug: Sendable {
    var name: String
    /// The faults that the scenario tries at every call.
    var entries: [FaultEntry]
    var rules: [JSONValue] = [["exit_code": 0]]
    /// How many faults must come together.
    var strength: Int
    /// The smallest plan: each fault with the parameter that has a threshold, and its least value.
    var minimum: [Need]
    /// How many attempts in a row a fault strikes in storms, where it is not one.
    var times: [String: Int] = [:]
    /// How many calls there are.
    var calls: Int
    /// A tape with so many calls, and the agent on it.
    var make: @Sendable (_ calls: Int) throws -> (Tape, any InProcessAgent)

    struct Need: Hashable, Sendable {
        /// The faults that do.
        var faults: Set<String>
        var parameter: String?
        /// By upstream: its answers are whole after another time.
        var least: [String: Int64]

        init(_ faults: String..., parameter: String? = nil, least: [String: Int64] = [:]) {
            self.faults = Set(faults)
            self.parameter = parameter
            self.least = least
        }
    }

    /// A ladder that is as high as the bug needs.
    var options: ExplorationOptions {
        var options = ExplorationOptions(phases: [.calm, .singles, .followUps, .boundaries])
        if strength >= 2 { options.phases.insert(.pairs) }
        if strength >= 3 {
            options.phases.insert(.triples)
            options.followUpFaults = 3
        }
        return options
    }

    func space() throws -> FaultSpace {
        try FaultSpace(
            Scenario(name: name, faults: entries, invariants: rules), tape: make(calls).0)
    }

    func runner(calls: Int? = nil) throws -> RememberingRunner<BugRunner> {
        let (tape, agent) = try make(calls ?? self.calls)
        return RememberingRunner(BugRunner(agent, tape: tape))
    }

    func explore() throws -> Exploration {
        var explorer = Explorer(try space(), runner: try runner(), options: options)
        return try explorer.explore()
    }
}

/// Runs an agent of any kind.
final class BugRunner: PlanRunner {
    let width = 1
    private let observe: ([Plan]) throws -> [Observation]

    init(_ agent: any InProcessAgent, tape: Tape) {
        func make(_ agent: some InProcessAgent) -> ([Plan]) throws -> [Observation] {
            var runner = InProcessRunner(agent, tape: tape)
            return { try runner.run($0) }
        }
        observe = make(agent)
    }

    func run(_ plans: [Plan]) throws -> [Observation] { try observe(plans) }
}

extension SeededBug {
    /// The ten.
    static let all = one + two + three

    private static func simple(
        _ agent: @escaping @Sendable (BugWire) -> any InProcessAgent
    ) -> @Sendable (Int) throws -> (Tape, any InProcessAgent) {
        { count in
            let wire = BugWire(ExplorerFixture.questions(count: count))
            return (try ExplorerFixture.tape(count: count), agent(wire))
        }
    }

    /// Delays that no threshold here survives.
    private static let stall = FaultEntry(
        fault: "ttfb-spike", settings: [("delay_ms", .fixed(45_000))])
    private static let error = FaultEntry(fault: "server-error")
    private static let stallOf10Seconds = Need(
        "ttfb-spike", parameter: "delay_ms", least: ["llm": 9_931, "shop": 9_971])

    private static let one: [SeededBug] = [
        SeededBug(
            name: "no retry on 429",
            entries: [error, FaultEntry(fault: "rate-limit-429"), stall], strength: 1,
            minimum: [Need("rate-limit-429", "rate-limit-no-header")],
            calls: 4, make: simple { NoPatienceAgent(wire: $0) }),
        SeededBug(
            name: "a time-out of 30 s is final", entries: [error, stall], strength: 1,
            // The model's answer is whole after 70 ms, the shop's after 30.
            minimum: [
                Need(
                    "ttfb-spike", parameter: "delay_ms", least: ["llm": 29_931, "shop": 29_971])
            ],
            calls: 4, make: simple { FinalTimeOutAgent(wire: $0) }),
        SeededBug(
            name: "a clean end is the end of the text",
            entries: [error, FaultEntry(fault: "graceful-early-close")],
            rules: [["contains": "Answer 1.\n\nAnswer 3."]], strength: 1,
            minimum: [Need("graceful-early-close")], calls: 4,
            make: simple { CleanEndAgent(wire: $0) }),
    ]

    private static let two: [SeededBug] = [
        SeededBug(
            name: "an escape that is split after a retry",
            entries: [
                error,
                FaultEntry(
                    fault: "chunk-split-json",
                    settings: [
                        ("at", .fixed(0)), ("variant", .fixed("chunk-split-bytes")),
                    ]),
            ],
            rules: [["output_not_matches": "12nPaid"]], strength: 2,
            minimum: [Need("server-error"), Need("chunk-split-json")],
            times: ["chunk-split-json": 2], calls: 2,
            make: { count in
                let questions = ExplorerFixture.questions(count: count)
                let tape = try ExplorerFixture.tape(
                    questions.map { question in
                        let isModel = question.upstream == "llm"
                        return (
                            question.upstream, question.request,
                            isModel
                                ? ExplorerFixture.words([#"Total: 12\nPaid"#, "."])
                                : ExplorerFixture.response(["{}"])
                        )
                    })
                return (tape, EscapeAgent(wire: BugWire(questions)))
            }),
        SeededBug(
            name: "a reset after a duplicate loses the transcript",
            entries: [
                error, FaultEntry(fault: "duplicate-chunk"),
                FaultEntry(fault: "conn-reset-mid-body"),
            ], strength: 2, minimum: [Need("duplicate-chunk"), Need("conn-reset-mid-body")],
            calls: 4, make: simple { TranscriptAgent(wire: $0) }),
        SeededBug(
            name: "an error is a result after a stall of 10 s", entries: [error, stall],
            strength: 2,
            minimum: [
                stallOf10Seconds, Need("server-error"),
            ], calls: 4, make: simple { SlowPathAgent(wire: $0) }),
        SeededBug(
            name: "the fallback drops the key of a refund",
            entries: [
                FaultEntry(fault: "overloaded-529"),
                FaultEntry(fault: "conn-reset-after-request"), stall,
            ], rules: [["no_repeated_side_effect": true]], strength: 2,
            minimum: [
                Need(
                    "overloaded-529", "server-error", "conn-reset-after-request",
                    "conn-reset-before-request"),
                // The agent cannot know whether the request arrived.
                Need("conn-reset-after-request", "conn-reset-before-request"),
            ], calls: 2,
            make: { count in
                let (large, small) = (ExplorerFixture.chat("plan"), ExplorerFixture.chat("small"))
                let refund = RecordedRequest(
                    method: "POST", target: "/refunds",
                    headers: [HeaderField("idempotency-key", "order-7")],
                    body: Array(#"{"order":7}"#.utf8))
                let orders = (0..<(count - 2)).map { number in
                    GroupAgent.Question(upstream: "shop", request: ExplorerFixture.order(number))
                }
                let questions =
                    [GroupAgent.Question(upstream: "llm", request: large)] + orders
                    + [GroupAgent.Question(upstream: "shop", request: refund)]
                let answer = ExplorerFixture.response([#"{"state":"sent"}"#])
                let tape = try ExplorerFixture.tape(
                    questions.map { question in
                        let isModel = question.upstream == "llm"
                        return (
                            question.upstream, question.request,
                            isModel ? ExplorerFixture.words(["Refund", " it."]) : answer
                        )
                    } + [("llm", small, ExplorerFixture.words(["Refund."]))])
                return (tape, FallbackAgent(wire: BugWire(questions), fallback: small))
            }),
    ]

    private static let three: [SeededBug] = [
        SeededBug(
            name: "a back-off that overflows at the third error",
            entries: [error, FaultEntry(fault: "chunk-merge")], strength: 3,
            minimum: [Need("server-error"), Need("server-error"), Need("server-error")],
            times: ["server-error": 3], calls: 2, make: simple { ShortCounterAgent(wire: $0) }),
        SeededBug(
            name: "one budget of retries for the session", entries: [error, stall], strength: 3,
            minimum: [Need("server-error"), Need("server-error"), Need("server-error")],
            calls: 3, make: simple { OneBudgetAgent(wire: $0) }),
        SeededBug(
            name: "two stale answers after a stall of 10 s", entries: [error, stall], strength: 3,
            minimum: [
                stallOf10Seconds, Need("server-error"),
                Need("server-error"),
            ], calls: 6, make: simple { StaleAnswerAgent(wire: $0) }),
    ]
}
