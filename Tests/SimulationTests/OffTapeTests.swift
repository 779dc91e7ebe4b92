import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("Off the tape")
struct OffTapeTests {
    /// A request that repeats earlier answers.
    static func history(_ prompt: String, _ content: JSONValue, temperature: String = "0.5")
        -> RecordedRequest
    {
        let body: JSONValue = [
            "model": "m", "temperature": .number(temperature),
            "messages": [
                ["role": "user", "content": .string(prompt)],
                ["role": "assistant", "content": content],
            ],
        ]
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions", body: body.encoded())
    }

    static func tape() throws -> Tape {
        let result = #"{"total":5,"note":"fünf"}"#
        return try Fixture.tape([
            Fixture.interaction("llm", Fixture.chat("hi"), Fixture.stream(["Well ", "met."])),
            Fixture.interaction(
                "llm", history("hi", "Well met."), Fixture.stream(["Bye."])),
            Fixture.interaction("shop", Fixture.tool("/total"), Fixture.response([result])),
            Fixture.interaction(
                "llm", history("sum", .string(#"{"total": 5, "note": "f\u00fcnf"}"#)),
                Fixture.stream(["Five."])),
        ])
    }

    /// Plays a first request under one fault, then asks; returns where the answer came from.
    func source(
        _ fault: PlannedFault, _ tape: Tape, _ first: (String, RecordedRequest),
        then asked: RecordedRequest
    ) -> AnswerSource? {
        var hand = Hand(tape, Fixture.plan(tape, [fault]))
        hand.exchange(1, first.0, first.1)
        hand.exchange(2, "llm", asked)
        #expect(hand.world.trace.exchanges.first?.fired == [fault])
        return hand.world.trace.exchanges.last?.source
    }

    @Test("echo explains text that a fault put there, and nothing else")
    func echo() throws {
        let tape = try Self.tape()
        let cut = Fixture.fault("stream-truncated-no-terminator", tape, [.init("at", 1)])
        let hi = ("llm", Fixture.chat("hi"))
        let table: [(RecordedRequest, AnswerSource)] = [
            (Self.history("hi", "Well "), .echo), (Self.history("hi", "Well"), .echo),
            (Self.history("hi", "Well met."), .recorded), (Self.history("ho", "Well "), .miss),
            (Self.history("hi", "Wel"), .miss),
            (Self.history("hi", "Well ", temperature: "0.4"), .miss),
        ]
        for (asked, expected) in table {
            #expect(source(cut, tape, hi, then: asked) == expected, "\(asked)")
        }
        let empty = Fixture.fault("empty-content", tape)
        #expect(source(empty, tape, hi, then: Self.history("hi", .null)) == .echo)
        #expect(source(empty, tape, hi, then: Self.history("hi", "")) == .echo)
        #expect(source(empty, tape, hi, then: Self.history("hi", "x")) == .miss)
    }

    @Test("echo knows results that were written anew, and takes numbers as a whole")
    func results() throws {
        let tape = try Self.tape()
        let flip = Fixture.fault("tool-corrupt", tape, ordinal: 3, [.init("at_bytes", 9)])
        let total = ("shop", Fixture.tool("/total"))
        let python = #"{"total": 4, "note": "f\u00fcnf"}"#
        let table: [(RecordedRequest, AnswerSource)] = [
            (Self.history("sum", .string(python)), .echo),
            (Self.history("sum", .string(python), temperature: "0.4"), .miss),
            (Self.history("sum", .string(#"{"total": 3, "note": "f\u00fcnf"}"#)), .miss),
        ]
        for (asked, expected) in table {
            #expect(source(flip, tape, total, then: asked) == expected, "\(asked)")
        }
    }

    @Test("fail stops with a report")
    func fail() throws {
        let tape = try Self.tape()
        var hand = Hand(tape, Fixture.plan(tape, offTape: .fail))
        hand.exchange(1, "llm", Fixture.chat("ho"))
        #expect(hand.stops == [.offTape])
        let miss = hand.world.trace.exchanges.first?.miss
        #expect(miss?.nearest == 1)
        #expect(miss?.path == "$.messages[0].content")
        #expect(hand.world.trace.end == .stopped(.offTape))
    }

    @Test("nearest takes the same shape, never one that was played")
    func nearest() throws {
        let tape = try Self.tape()
        var hand = Hand(tape, Fixture.plan(tape, offTape: .nearest))
        hand.exchange(1, "llm", Fixture.chat("ho"))
        #expect(hand.world.trace.exchanges.last?.ordinal == 1)
        #expect(hand.world.trace.firstAssumed == ExchangeID(1))
        hand.exchange(2, "llm", Fixture.chat("hu"))
        #expect(hand.world.trace.exchanges.last?.source == .miss)
    }

    @Test("stub gives a scripted answer, else stops")
    func stub() throws {
        let tape = try Self.tape()
        let stub = Stub(upstream: "shop", route: "GET /x/*", status: 418, body: "tea")
        var hand = Hand(tape, Fixture.plan(tape, offTape: .stub, stubs: [stub]))
        hand.exchange(1, "shop", Fixture.tool("/x/1"))
        #expect(hand.world.trace.exchanges.last?.source == .stub)
        #expect(hand.world.trace.exchanges.last?.status == 418)
        #expect(hand.sent.contains(.body(Array("tea".utf8))))
        hand.exchange(2, "shop", Fixture.tool("/y/1"))
        #expect(hand.stops == [.offTape])
    }
}
