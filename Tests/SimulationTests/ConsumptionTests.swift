import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("When a take is consumed")
struct ConsumptionTests {
    struct Case: Sendable {
        var fault: String
        var parameters: [JSONMember] = []
        var ordinal = 2
        var consumed: Bool
    }

    static let cases = [
        Case(fault: "conn-reset-after-request", consumed: false),
        Case(fault: "conn-reset-mid-body", parameters: [.init("at_bytes", 20)], consumed: false),
        Case(fault: "short-chunked-body", parameters: [.init("at_bytes", 20)], consumed: false),
        Case(fault: "rate-limit-429", consumed: false),
        Case(fault: "server-error", consumed: false),
        Case(fault: "overloaded-529", ordinal: 1, consumed: false),
        Case(
            fault: "stream-truncated-no-terminator", parameters: [.init("at", 1)], ordinal: 1,
            consumed: false),
        Case(fault: "error-event-mid", parameters: [.init("at", 1)], ordinal: 1, consumed: false),
        Case(fault: "stalled-stream", parameters: [.init("at", 1)], ordinal: 1, consumed: false),
        Case(
            fault: "stalled-stream", parameters: [.init("at", 1), .init("stall_ms", 9)],
            ordinal: 1, consumed: true),
        Case(fault: "ttfb-spike", consumed: true), Case(fault: "slow-drip", consumed: true),
        Case(fault: "chunk-merge", parameters: [.init("group_n", 3)], ordinal: 1, consumed: true),
        Case(fault: "chunk-split-utf8", parameters: [.init("at", 1)], ordinal: 1, consumed: true),
        Case(fault: "duplicate-chunk", parameters: [.init("at", 1)], ordinal: 1, consumed: true),
        Case(fault: "reorder-chunks", parameters: [.init("first", 1)], ordinal: 1, consumed: true),
        Case(fault: "drop-chunk", parameters: [.init("at", 1)], ordinal: 1, consumed: true),
        Case(fault: "finish-length", parameters: [.init("at", 1)], ordinal: 1, consumed: true),
        Case(fault: "empty-content", ordinal: 1, consumed: true),
        Case(fault: "tool-error", consumed: false), Case(fault: "tool-timeout", consumed: false),
        Case(fault: "tool-corrupt", parameters: [.init("at_bytes", 5)], consumed: true),
        Case(fault: "tool-stale", ordinal: 4, consumed: true),
        Case(fault: "lost-response-after-commit", consumed: false),
    ]

    @Test("every fault: consumed when the answer came whole", arguments: cases.indices)
    func faults(index: Int) throws {
        let item = Self.cases[index]
        let tape = try Fixture.tenCalls()
        let planned = Fixture.fault(item.fault, tape, ordinal: item.ordinal, item.parameters)
        var hand = Hand(tape, Fixture.plan(tape, [planned], offTape: .fail))
        let recorded = try tape.interaction(item.ordinal)
        hand.exchange(1, recorded.upstream, recorded.request)
        #expect(hand.world.trace.exchanges[0].fired == [planned])
        #expect(hand.world.trace.exchanges[0].consumed == item.consumed)
        hand.tell(.agentClosed(ExchangeID(1)))
        hand.exchange(2, recorded.upstream, recorded.request)
        let again = hand.world.trace.exchanges[1]
        #expect(again.source == (item.consumed ? .reask : .recorded))
        #expect(again.attempt == 2)
        #expect(again.faults == [])
        #expect(again.status == 200)
    }

    @Test("an answer recorded without a terminator is whole with its last byte")
    func withoutTerminator() throws {
        let tape = try Fixture.tape([
            Fixture.interaction("llm", Fixture.chat("a"), Fixture.stream(["x"], end: []))
        ])
        var hand = Hand(tape, Fixture.plan(tape))
        hand.exchange(1, "llm", Fixture.chat("a"))
        #expect(hand.world.trace.exchanges[0].consumed)
    }

    @Test(
        "a recorded failure is used up, also when a delay came on top",
        arguments: [nil, "ttfb-spike"], [Ending.truncated, .reset])
    func recordedFailure(fault: String?, ending: Ending) throws {
        let answers = [ending, .complete].map {
            Fixture.interaction("llm", Fixture.chat("a"), Fixture.stream(["x"]), ending: $0)
        }
        let tape = try Fixture.tape(answers)
        let faults = fault.map { [Fixture.fault($0, tape)] } ?? []
        var hand = Hand(tape, Fixture.plan(tape, faults))
        hand.exchange(1, "llm", Fixture.chat("a"))
        hand.exchange(2, "llm", Fixture.chat("a"))
        #expect(hand.world.trace.exchanges.map(\.take) == [1, 2])
        #expect(hand.world.trace.exchanges.map(\.consumed) == [true, true])
    }

    @Test("an answer that never came is used up when the agent hangs up as it had")
    func recordedHang() throws {
        let tape = try Fixture.tape([
            Fixture.interaction("llm", Fixture.chat("a"), nil, ending: .timedOut, left: 0),
            Fixture.interaction("llm", Fixture.chat("a"), Fixture.stream(["x"])),
        ])
        var hand = Hand(tape, Fixture.plan(tape))
        #expect(hand.exchange(1, "llm", Fixture.chat("a")) == [])
        hand.tell(.agentClosed(ExchangeID(1)))
        hand.exchange(2, "llm", Fixture.chat("a"))
        #expect(hand.world.trace.exchanges.map(\.take) == [1, 2])
        #expect(hand.world.trace.exchanges.map(\.cancelled) == [true, false])
    }

    @Test(
        "a cancelled answer is still due, unless it was cancelled while recording",
        arguments: [
            nil, 5,
        ])
    func cancelled(left: Int?) throws {
        let tape = try Fixture.tape([
            Fixture.interaction("llm", Fixture.chat("a"), Fixture.stream(["x", "y"]), left: left)
        ])
        var hand = Hand(tape, Fixture.plan(tape))
        #expect(hand.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("a"))) == ["head"])
        #expect(hand.tell(.taken(ExchangeID(1))) == ["body"])
        hand.tell(.agentClosed(ExchangeID(1)))
        #expect(hand.world.trace.exchanges[0].cancelled)
        #expect(hand.world.trace.exchanges[0].consumed == (left != nil))
        hand.tell(.request(ExchangeID(2), upstream: "llm", Fixture.chat("a")))
        #expect(hand.world.trace.exchanges[1].source == (left == nil ? .recorded : .miss))
    }
}
