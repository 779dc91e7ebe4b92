import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("A program that is to die")
struct ProgramFaultTests {
    private static let calling =
        #"{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"c","type":"#
        + #""function","function":{"name":"f","arguments":"{}"}}]},"#
        + #""finish_reason":"tool_calls"}]}"#

    private static func run(_ options: WorldOptions, dies: Bool) throws -> (Hand, [String]) {
        let request = Fixture.chat("question")
        let tape = try Fixture.tape([
            Fixture.interaction("llm", request, Fixture.response([calling]))
        ])
        let fault = Fixture.fault("tool-crash-process", tape, [.init("status", 3)])
        var hand = Hand(tape, Fixture.plan(tape, [fault]), options: options)
        var kinds = hand.tell(.request(ExchangeID(1), upstream: "llm", request))
        while kinds.last != "end", hand.stops.isEmpty { kinds += hand.tell(.quiescent) }
        if dies { hand.tell(.programDied) }
        hand.tell(.exited(.code(0)))
        return (hand, kinds.filter { $0 != "clock" })
    }

    @Test("is told of before the answer that calls it, and stands in the trace when it died")
    func dies() throws {
        let options = WorldOptions(clock: .virtual, canRestart: true)
        let (hand, kinds) = try Self.run(options, dies: true)
        #expect(kinds == ["head", "strike exits(3)", "body", "end"])
        #expect(hand.world.trace.firedFaults.map(\.fault) == ["tool-crash-process"])
        #expect(hand.world.trace.log.contains { $0.event == .programDied })
    }

    @Test(
        "makes nothing of the fault where none was started, and where none can be",
        arguments: [
            (WorldOptions(clock: .virtual, canRestart: true), "started no program"),
            (WorldOptions(clock: .virtual), "is no program"),
            (WorldOptions(clock: .real, canRestart: true), "clock is real"),
        ])
    func lives(_ options: WorldOptions, _ word: String) throws {
        guard options.clock == .virtual else { return try real(options, word) }
        let (hand, _) = try Self.run(options, dies: false)
        #expect(hand.world.trace.firedFaults == [])
        #expect(Self.reason(hand).contains(word))
    }

    @Test("is inapplicable with a signal that ends no program", arguments: [17, 19, 28])
    func survives(_ signal: Int64) throws {
        let request = Fixture.chat("question")
        let tape = try Fixture.tape([
            Fixture.interaction("llm", request, Fixture.response([Self.calling]))
        ])
        let fault = Fixture.fault(
            "tool-crash-process", tape,
            [.init("variant", .string("signal")), .init("signal", .int(signal))])
        var hand = Hand(
            tape, Fixture.plan(tape, [fault]),
            options: WorldOptions(clock: .virtual, canRestart: true))
        var kinds = hand.tell(.request(ExchangeID(1), upstream: "llm", request))
        while kinds.last != "end", hand.stops.isEmpty { kinds += hand.tell(.quiescent) }
        #expect(!kinds.contains { $0.hasPrefix("strike") })
        #expect(Self.reason(hand).contains("signal \(signal) ends no program"))
    }

    private func real(_ options: WorldOptions, _ word: String) throws {
        let request = Fixture.chat("question")
        let tape = try Fixture.tape([
            Fixture.interaction("llm", request, Fixture.response([Self.calling]))
        ])
        let plan = Fixture.plan(tape, [Fixture.fault("tool-crash-process", tape)])
        var hand = Hand(tape, plan, options: options)
        hand.exchange(1, "llm", request)
        #expect(Self.reason(hand).contains(word))
    }

    private static func reason(_ hand: Hand) -> String {
        guard
            case .inapplicable(let reason)? = hand.world.trace.exchanges.first?.faults.first?
                .outcome
        else { return "it fired" }
        return reason
    }
}
