import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("A run with the agent's real clock")
struct RealClockTests {
    @Test("sends each step when the one before was taken, whatever its instant")
    func gated() throws {
        let tape = try Fixture.tenCalls()
        let spike = Fixture.fault("ttfb-spike", tape)
        var hand = Hand(tape, Fixture.plan(tape, [spike]))
        #expect(
            hand.tell(.request(ExchangeID(1), upstream: "llm", Fixture.chat("question 1")))
                == ["head"])
        for _ in 0..<6 { #expect(hand.tell(.taken(ExchangeID(1))) == ["body"]) }
        #expect(hand.tell(.taken(ExchangeID(1))) == ["end"])
        #expect(hand.tell(.taken(ExchangeID(1))) == [])
        #expect(hand.world.trace.duration == .milliseconds(30_080))
    }

    @Test("holds the connection of an endless stall until the limit of real time")
    func stall() throws {
        let tape = try Fixture.tenCalls()
        let plan = Fixture.plan(tape, [Fixture.fault("stalled-stream", tape, [.init("at", 1)])])
        var hand = Hand(tape, plan)
        #expect(hand.exchange(1, "llm", Fixture.chat("question 1")) == ["head", "body"])
        hand.tell(.wallLimit)
        hand.tell(.exited(.signal(9)))
        #expect(hand.world.trace.end == .wallLimit)
        #expect(hand.world.trace.exchanges[0].cancelled)
        #expect(hand.exchange(2, "llm", Fixture.chat("question 2")) == [])
        #expect(hand.world.trace.exchanges.count == 1)
    }

    @Test("has a digest without arrival order, standard error and hanging up")
    func digest() throws {
        let tape = try Fixture.tenCalls()
        func trace(_ numbers: [Int], error: String, leaves: Bool = false, out: String = "x")
            -> Trace
        {
            var hand = Hand(tape, Fixture.plan(tape))
            for (place, number) in numbers.enumerated() {
                let request = Fixture.chat("question \(number)")
                hand.tell(.request(ExchangeID(place + 1), upstream: "llm", request))
            }
            for place in numbers.indices {
                if leaves { hand.tell(.agentClosed(ExchangeID(place + 1))) }
                while !hand.tell(.taken(ExchangeID(place + 1))).isEmpty {}
            }
            hand.tell(.output(.standardError, Array(error.utf8)))
            hand.tell(.output(.standardOutput, Array(out.utf8)))
            hand.tell(.exited(.code(0)))
            return hand.world.trace
        }
        let one = trace([1, 2], error: "a")
        #expect(one.digest == trace([2, 1], error: "b").digest)
        #expect(one.digest == trace([1, 2], error: "", leaves: true).digest)
        let other = trace([1, 2], error: "a", out: "y")
        #expect(one.digest != other.digest)
        let divergence = Divergence.first(one, other)
        #expect(divergence?.index == 3)
        #expect(divergence?.first?["stdout"] == "x")
        #expect(divergence.flatMap { Divergence(json: $0.json) } == divergence)
    }
}
