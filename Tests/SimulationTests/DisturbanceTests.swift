import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("A question that comes again")
struct DisturbanceTests {
    private static func hand(
        _ variant: Disturbance.Act, clock: ClockMode = .virtual, attempt: Int? = 1
    ) throws -> Hand {
        let tape = try Fixture.tenCalls()
        let fault = Fixture.fault(
            "duplicate-user-message", tape, attempt: attempt,
            [.init("variant", .string(variant.rawValue)), .init("after_ms", 2_000)])
        let requests = (1...2).map { RecordedRequest(method: "POST", target: "/chat/\($0)") }
        var hand = Hand(
            tape, Fixture.plan(tape, [fault], offTape: .fail),
            options: WorldOptions(
                clock: clock, questions: Questions(port: 8080, requests: requests)))
        hand.tell(.inquiry(.started))
        hand.tell(.inquiry(.listens))
        return hand
    }

    private static func reply(_ ask: Int?, _ text: String) -> WorldEvent {
        var reply = Reply(isWhole: true, status: 200, body: Array(text.utf8))
        reply.ask = ask
        return .inquiry(.replied(reply))
    }

    /// Asks the model, and gives what happens until the answer was sent, but for the clock.
    private static func ask(_ hand: inout Hand, _ number: Int) -> [String] {
        var kinds = hand.tell(
            .request(ExchangeID(number), upstream: "llm", Fixture.chat("question 1")))
        while kinds.last != "end", hand.stops.isEmpty { kinds += hand.tell(.quiescent) }
        return kinds.filter { $0 != "clock" }
    }

    private static func asked(_ hand: Hand) -> [String] {
        hand.world.trace.asked.map { record in
            "\(record.repeats.map { "again \($0)" } ?? "first") \(record.ending.rawValue) "
                + String(decoding: record.body, as: UTF8.self)
        }
    }

    @Test("a duplicate comes in the middle of the answer, and both are waited for")
    func duplicate() throws {
        var hand = try Self.hand(.duplicate)
        #expect(hand.tell(.quiescent) == ["ask POST /chat/1"])
        #expect(
            Self.ask(&hand, 1) == [
                "head", "body", "body", "body", "ask POST /chat/1", "body", "body", "body", "end",
            ])
        // The second turn asks the model for the same, which was consumed, and gets it once more.
        #expect(Self.ask(&hand, 2).last == "end")
        hand.tell(Self.reply(2, "two"))
        #expect(hand.world.trace.asked[0].ending == .open)
        hand.tell(Self.reply(1, "one"))
        #expect(hand.tell(.quiescent) == ["ask POST /chat/2"])
        hand.tell(Self.reply(nil, "next"))
        #expect(hand.tell(.quiescent) == ["dismiss"])
        hand.tell(.exited(.code(0)))
        #expect(
            Self.asked(hand) == [
                "first complete one", "first complete next", "again 0 complete two",
            ])
        #expect(hand.world.trace.exchanges.map(\.source) == [.recorded, .reask])
        #expect(hand.world.trace.firedFaults.count == 1)
        #expect(hand.world.trace.unmet == nil)
    }

    @Test("who hangs up asks again later, and nobody waits for the first answer")
    func interrupt() throws {
        var hand = try Self.hand(.interrupt)
        hand.tell(.quiescent)
        #expect(Self.ask(&hand, 1).contains("hang up 1"))
        let hungUpAt = hand.world.now
        #expect(hand.tell(Self.reply(1, "too late")) == [])
        #expect(hand.tell(.quiescent) == ["clock", "ask POST /chat/1"])
        #expect(hand.world.now > hungUpAt)
        hand.tell(Self.reply(2, "again"))
        #expect(hand.tell(.quiescent) == ["ask POST /chat/2"])
        hand.tell(Self.reply(3, "next"))
        hand.tell(.quiescent)
        hand.tell(.exited(.code(0)))
        let trace = hand.world.trace
        #expect(
            Self.asked(hand) == [
                "first interrupted ", "first complete next", "again 0 complete again",
            ])
        #expect(trace.awaited.count == 2 && trace.asked.map(\.isFine) == [true, true, true])
        #expect(trace.end == .dismissed(.code(0)))
    }

    @Test("a late copy comes when the answer is whole, before the next question")
    func late() throws {
        var hand = try Self.hand(.late)
        hand.tell(.quiescent)
        #expect(!Self.ask(&hand, 1).contains("ask POST /chat/1"))
        hand.tell(Self.reply(1, "one"))
        let answeredAt = hand.world.now
        #expect(hand.tell(.quiescent) == ["clock", "ask POST /chat/1"])
        #expect(hand.world.now == answeredAt + .seconds(2))
        hand.tell(Self.reply(2, "two"))
        #expect(hand.tell(.quiescent) == ["ask POST /chat/2"])
    }

    @Test("an answer that came before makes nothing of the fault")
    func answeredBefore() throws {
        var hand = try Self.hand(.duplicate)
        hand.tell(.quiescent)
        hand.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
        hand.tell(.quiescent)
        hand.tell(Self.reply(1, "at once"))
        #expect(hand.tell(.quiescent) == ["ask POST /chat/2"])
        hand.tell(Self.reply(2, "at once too"))
        for _ in 1...20 where hand.stops.isEmpty { hand.tell(.quiescent) }
        #expect(hand.world.trace.firedFaults == [])
        #expect(
            hand.world.trace.exchanges[0].faults.map(\.outcome)
                == [.inapplicable("the question was answered before it could be disturbed")])
    }

    @Test("where nobody asks, or the clock is real, the reason is said")
    func refused() throws {
        var real = try Self.hand(.late, clock: .real)
        real.exchange(1, "llm", Fixture.chat("question 1"))
        let tape = try Fixture.tenCalls()
        var alone = Hand(
            tape, Fixture.plan(tape, [Fixture.fault("duplicate-user-message", tape)]))
        alone.exchange(1, "llm", Fixture.chat("question 1"))
        for (hand, word) in [(real, "real"), (alone, "nobody asks")] {
            guard
                case .inapplicable(let reason)? = hand.world.trace.exchanges[0].faults.first?
                    .outcome
            else {
                Issue.record("\(word): it fired")
                continue
            }
            #expect(reason.contains(word))
        }
    }
}
