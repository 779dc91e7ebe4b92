import Cassette
import Determinism
import Faults
import Judgement
import Search
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
        waitedTogether: 3, virtualTime: .seconds(40))

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
        arguments: ["verdict", "digest", "effect", "faults", "anchors", "waited_together"])
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
}
