import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("Frames of HTTP/2 in a run")
struct HTTP2Tests {
    private static func fault(
        _ tape: Tape, _ variant: String = "goaway", ordinal: Int = 1, attempt: Int? = 1,
        at: Int64 = 20
    ) -> PlannedFault {
        Fixture.fault(
            "h2-goaway", tape, ordinal: ordinal, attempt: attempt,
            [JSONMember("variant", .string(variant)), JSONMember("at_bytes", .int(at))])
    }

    private static func hand(
        _ faults: (Tape) -> [PlannedFault], proxied: Bool = true, clock: ClockMode = .virtual
    ) throws -> Hand {
        let tape = try Fixture.tenCalls(of: proxied ? Fixture.proxied : Fixture.upstreams)
        return Hand(
            tape, Fixture.plan(tape, faults(tape)), options: WorldOptions(clock: clock))
    }

    /// Asks a question over HTTP/2 or 1.1, and gives the last step of what comes of it.
    private static func ask(
        _ hand: inout Hand, _ number: Int, question: Int = 1, overHTTP2: Bool = true
    ) -> DeliveryStep? {
        let id = ExchangeID(number)
        if overHTTP2 { hand.tell(.overHTTP2(id)) }
        hand.tell(.request(id, upstream: "llm", Fixture.chat("question \(question)")))
        let before = hand.sent.count
        for _ in 0..<20 where hand.stops.isEmpty {
            hand.tell(.quiescent)
            guard let last = hand.sent.last, hand.sent.count > before else { continue }
            switch last {
            case .end, .close, .reset, .frame: return last
            case .head, .body: break
            }
        }
        return nil
    }

    private static func reason(_ hand: Hand) -> String {
        guard
            case .inapplicable(let reason)? = hand.world.trace.exchanges.last?.faults.first?.outcome
        else { return "" }
        return reason
    }

    @Test("HTTP/2 is offered to the hosts of such faults, behind the proxy, on the virtual clock")
    func offers() throws {
        #expect(try Self.hand { [Self.fault($0)] }.world.http2Upstreams == ["llm"])
        #expect(
            try Self.hand { [Self.fault($0), Self.fault($0, ordinal: 2)] }.world.http2Upstreams
                == ["llm", "shop"])
        #expect(try Self.hand { _ in [] }.world.http2Upstreams.isEmpty)
        #expect(
            try Self.hand { [Fixture.fault("server-error", $0)] }.world.http2Upstreams.isEmpty)
        #expect(
            try Self.hand({ [Self.fault($0)] }, proxied: false).world.http2Upstreams.isEmpty)
        #expect(try Self.hand({ [Self.fault($0)] }, clock: .real).world.http2Upstreams.isEmpty)
    }

    @Test(
        "the answer ends with the frame, is still due, and the retry gets it",
        arguments: [
            ("goaway", BreakingFrame.goAway(.noError, namesStream: true), "goaway"),
            ("goaway-below", .goAway(.noError, namesStream: false), "goaway"),
            ("rst-stream", .resetStream(.internalError), "rst-stream"),
            ("rst-stream-unanswered", .resetStream(.refusedStream), "rst-stream"),
        ])
    func strikes(_ variant: String, _ frame: BreakingFrame, _ kind: String) throws {
        var hand = try Self.hand { [Self.fault($0, variant)] }
        #expect(Self.ask(&hand, 1) == .frame(frame))
        #expect(Self.ask(&hand, 2) == .end(trailers: []))
        let trace = hand.world.trace
        #expect(trace.exchanges.map(\.attempt) == [1, 2])
        #expect(trace.exchanges.map(\.consumed) == [false, true])
        #expect(trace.exchanges.map(\.isOverHTTP2) == [true, true])
        #expect(trace.exchanges.first?.steps.last?.kind == kind)
        #expect(trace.firedFaults.count == 1)
    }

    @Test("forms that look alike have digests of their own")
    func digests() throws {
        var seen: Set<Digest> = []
        for variant in ["goaway-below", "rst-stream-unanswered"] {
            for code in HTTP2Code.allCases {
                var hand = try Self.hand { tape in
                    [
                        Fixture.fault(
                            "h2-goaway", tape,
                            [
                                JSONMember("variant", .string(variant)),
                                JSONMember("code", .string(code.rawValue)),
                                JSONMember("at_bytes", 0),
                            ])
                    ]
                }
                _ = Self.ask(&hand, 1)
                let digest = try #require(hand.world.trace.exchanges.first?.delivery)
                #expect(seen.insert(digest).inserted)
            }
        }
    }

    @Test(
        "without HTTP/2 it is inapplicable, and says why",
        arguments: [
            (true, ClockMode.virtual, "took HTTP/1.1"), (false, .virtual, "`record --proxy`"),
            (true, .real, "virtual clock only"),
        ])
    func inapplicable(_ proxied: Bool, _ clock: ClockMode, _ word: String) throws {
        var hand = try Self.hand({ [Self.fault($0)] }, proxied: proxied, clock: clock)
        if clock == .real {
            hand.exchange(1, "llm", Fixture.chat("question 1"))
        } else {
            #expect(Self.ask(&hand, 1, overHTTP2: false) == .end(trailers: []))
        }
        #expect(Self.reason(hand).contains(word))
        #expect(hand.world.trace.firedFaults.isEmpty)
    }

    @Test("a closed plan holds what HTTP/2 was taken for, also where it never fired")
    func closed() throws {
        let play = { (faults: (Tape) -> [PlannedFault], overHTTP2: Bool) throws -> Trace in
            var hand = try Self.hand(faults)
            _ = Self.ask(&hand, 1, overHTTP2: overHTTP2)
            hand.tell(.exited(.code(0)))
            return hand.world.trace
        }
        let late = { (tape: Tape) in [Self.fault(tape, attempt: 7)] }
        #expect(try play(late, true).idleOffers.map(\.anchor.attempt) == [7])
        #expect(try play(late, false).idleOffers.isEmpty)
        let both = { (tape: Tape) in [Self.fault(tape), Self.fault(tape, attempt: 7)] }
        #expect(try play(both, true).idleOffers.isEmpty)
    }
}
