import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

@Suite("What search sees of a run")
struct ObservationTests {
    static let full = Observation(
        verdict: .violated, reason: "max_attempts: 4 attempts",
        signature: FailureSignature(
            verdict: .violated, rule: "max_attempts", call: "llm POST /v1/chat/completions"),
        digest: Digest(hashing: [1]), effect: Digest(hashing: [2]),
        faults: [
            ObservedFault(index: 0, attempt: 1, fate: .fired),
            ObservedFault(index: 0, attempt: 2, fate: .fired),
            ObservedFault(index: 1, attempt: 1, fate: .masked(by: "server-error")),
            ObservedFault(index: 2, attempt: 1, fate: .inapplicable("no \"body\"")),
            ObservedFault(index: 3, attempt: nil, fate: .unreached),
        ],
        anchors: [
            ReachedAnchor(ordinal: 1, attempt: 1), ReachedAnchor(ordinal: 1, attempt: 2),
        ],
        deadlines: [
            ObservedDeadline(
                anchor: ReachedAnchor(ordinal: 1, attempt: 2), steps: 1, length: .seconds(30),
                sinceRequest: .seconds(31))
        ],
        waitedTogether: 3, orderChoices: 5, virtualTime: .seconds(40),
        rules: [.held, .broken, .unjudged, .waiting],
        grade: .c)

    @Test(
        "reads back equal from its text",
        arguments: [
            full, Observation(verdict: .passed, digest: Digest(hashing: [])),
            Observation(
                verdict: .crashed,
                signature: FailureSignature(verdict: .crashed, cause: "signal 11"),
                digest: Digest(hashing: [3])),
        ])
    func readsBack(_ observation: Observation) throws {
        let text = observation.json.canonical()
        let read = try #require(Observation(json: try JSONValue.parse(text)))
        #expect(read == observation)
    }

    @Test(
        "is refused when a member is missing or of another form",
        arguments: [
            "verdict", "digest", "effect", "faults", "anchors", "waited_together", "rules",
            "grade", "order_choices",
        ])
    func refuses(_ member: String) {
        var json = Self.full.json
        json[member] = .string("?")
        #expect(Observation(json: json) == nil)
    }

    @Test("keeps in the closed plan each attempt at which a fault struck")
    func closes() throws {
        let anchor = Anchor(
            fingerprint: try #require(Fingerprint(hex: String(repeating: "1", count: 32))),
            take: 1, attempt: nil, upstream: "llm", call: 1)
        let fault = PlannedFault(
            fault: "server-error", anchor: anchor, parameters: FaultParameters())
        let plan = Plan(
            cassette: Digest(hashing: []), faults: [fault, fault, fault, fault])
        let closed = Self.full.closed(plan)
        #expect(closed.faults.map { $0.anchor.attempt } == [1, 2])
        #expect(Self.full.fired == [0])
    }

    /// A run with one recorded answer, whose request is logged behind so many waits for it.
    private func waiting(_ count: Int) -> Trace {
        var trace = Trace(cassette: Digest(hashing: []), clock: .virtual)
        let id = ExchangeID(1)
        var record = ExchangeRecord(
            id: id, upstream: "shop", kind: .tool,
            request: RecordedRequest(method: "GET", target: "/", body: []),
            fingerprint: Fingerprint(Digest(hashing: [])), arrivedAt: .zero)
        record.ordinal = 7
        record.attempt = 1
        record.steps = [StepRecord(at: .zero, kind: "end", byteCount: 0)]
        trace.exchanges = [record]
        let until = SimInstant(nanoseconds: 5_000_000_000)
        for waiter in 0..<count { trace.append(.waits(WaiterID(waiter), until: until), at: .zero) }
        trace.append(.request(id), at: .zero)
        trace.append(.waits(WaiterID(count), until: until), at: .zero)
        trace.end = .exited(.code(0))
        return trace
    }

    @Test(
        "takes waits that are logged before their request, in a time that grows with the log",
        .timeLimit(.minutes(1)), arguments: [0, 1, 60_000])
    func waits(_ count: Int) {
        let plan = Plan(cassette: Digest(hashing: []))
        let seen = Observation(waiting(count), plan: plan, results: [])
        let anchor = ReachedAnchor(ordinal: 7, attempt: 1)
        #expect(
            seen.deadlines == [
                ObservedDeadline(
                    anchor: anchor, steps: 0, length: .seconds(5), sinceRequest: .seconds(5))
            ])
    }
}
