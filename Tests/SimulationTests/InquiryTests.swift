import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("A world whose agent is a server")
struct InquiryTests {
    private static func hand(
        _ clock: ClockMode = .virtual, ready: String? = nil, count: Int = 1
    ) throws -> Hand {
        let tape = try Fixture.tenCalls()
        let requests = (1...count).map {
            RecordedRequest(method: "POST", target: "/chat/\($0)", body: Array("{}".utf8))
        }
        var hand = Hand(
            tape, Fixture.plan(tape),
            options: WorldOptions(
                clock: clock, questions: Questions(port: 8080, ready: ready, requests: requests)))
        hand.tell(.inquiry(.started))
        return hand
    }

    private static func whole(_ status: Int, _ text: String = "") -> WorldEvent {
        .inquiry(
            .replied(
                Reply(
                    isWhole: true, status: status,
                    headers: [
                        HeaderField("Date", "today"), HeaderField("Content-Type", "text/plain"),
                    ], body: Array(text.utf8))))
    }

    private static let cut = WorldEvent.inquiry(.replied(Reply(isWhole: false, status: nil)))

    private static func seconds(_ hand: Hand) -> Int64 {
        hand.world.now.nanoseconds / 1_000_000_000
    }

    @Test("waits until it listens, checks until it is ready, asks in order, and dismisses it")
    func inOrder() throws {
        var hand = try Self.hand(ready: "/health", count: 2)
        #expect(hand.tell(.inquiry(.listens)) == [])
        #expect(hand.tell(.quiescent) == ["ask GET /health"])
        #expect(hand.tell(Self.whole(503)) == [])
        #expect(hand.tell(.quiescent) == ["clock", "ask GET /health"])
        #expect(hand.world.now == SimInstant.zero + .milliseconds(100))
        hand.tell(Self.whole(200))
        #expect(hand.tell(.quiescent) == ["ask POST /chat/1"])
        hand.tell(Self.whole(200, "one"))
        #expect(hand.tell(.quiescent) == ["ask POST /chat/2"])
        hand.tell(Self.whole(404, "two"))
        #expect(hand.tell(.quiescent) == ["dismiss"])
        hand.tell(.exited(.signal(15)))
        let trace = hand.world.trace
        #expect(trace.end == .dismissed(.signal(15)))
        #expect(trace.asked.map { String(decoding: $0.body, as: UTF8.self) } == ["one", "two"])
        #expect(trace.asked[0].headers == [HeaderField("content-type", "text/plain")])
        #expect(trace.asked.map(\.isFine) == [true, true])
        #expect(trace.unmet == nil)
        let entries = trace.log.compactMap { entry -> InquiryEntry? in
            if case .inquiry(let found) = entry.event { found } else { nil }
        }
        #expect(
            entries == [
                .listening, .checked(status: 503), .checked(status: 200), .asked(0),
                .answered(0), .asked(1), .answered(1), .dismissed,
            ])
    }

    @Test("a server that never listens hangs at once, and the trace says what is owed")
    func neverListens() throws {
        var hand = try Self.hand()
        hand.tell(.quiescent)
        #expect(hand.stops == [.hung])
        #expect(hand.world.now == .zero)
        #expect(hand.world.trace.unmet == "nothing listens on 127.0.0.1:8080")
    }

    @Test("a server that is never ready hangs after five minutes")
    func neverReady() throws {
        var hand = try Self.hand(ready: "/health")
        hand.tell(.inquiry(.listens))
        while hand.stops.isEmpty {
            hand.tell(.quiescent)
            hand.tell(Self.whole(503))
        }
        #expect(hand.stops == [.hung])
        #expect(Self.seconds(hand) == 299)
        #expect(hand.world.trace.unmet == "no answer of 2xx to GET /health")
    }

    @Test(
        "ends well when it is told to in one of the ways in which servers do",
        arguments: [
            (Cassette.ExitStatus.code(0), true), (.code(143), true), (.signal(15), true),
            (.code(1), false), (.signal(9), false), (.signal(6), false),
        ])
    func endings(status: Cassette.ExitStatus, isWell: Bool) throws {
        var hand = try Self.hand()
        hand.tell(.inquiry(.listens))
        hand.tell(.quiescent)
        hand.tell(Self.whole(200))
        hand.tell(.quiescent)
        hand.tell(.exited(status))
        #expect(hand.world.trace.end == (isWell ? .dismissed(status) : .exited(status)))
    }

    @Test("has ten seconds to end")
    func neverEnds() throws {
        var hand = try Self.hand()
        hand.tell(.inquiry(.listens))
        hand.tell(.quiescent)
        hand.tell(Self.whole(200))
        hand.tell(.quiescent)
        hand.tell(.waits(WaiterID(1), until: SimInstant.zero + .seconds(9)))
        #expect(hand.tell(.quiescent) == ["clock", "clock"])
        hand.tell(.quiescent)
        #expect(hand.stops == [.limit("no end within 10 s of SIGTERM")])
    }

    @Test(
        "an agent that only polls owes its answer for a quarter of an hour",
        arguments: [false, true])
    func patience(writes: Bool) throws {
        var hand = try Self.hand()
        hand.tell(.inquiry(.listens))
        hand.tell(.quiescent)
        for minute in Int64(1)...60 where hand.stops.isEmpty {
            hand.tell(.waits(WaiterID(1), until: SimInstant.zero + .seconds(60 * minute)))
            hand.tell(.quiescent)
            // Whoever says something is alive.
            if writes { hand.tell(.output(.standardOutput, [0x2E])) }
        }
        #expect(hand.stops == (writes ? [] : [.hung]))
        #expect(Self.seconds(hand) == (writes ? 3_600 : 900))
    }

    @Test("what was asked when the agent ended is cut, and named")
    func exitsEarly() throws {
        var hand = try Self.hand(count: 3)
        hand.tell(.inquiry(.listens))
        hand.tell(.quiescent)
        hand.tell(Self.whole(200))
        hand.tell(.quiescent)
        hand.tell(.exited(.code(0)))
        let trace = hand.world.trace
        #expect(trace.end == .exited(.code(0)))
        #expect(trace.asked.map(\.ending) == [.complete, .cut, .unasked])
        #expect(trace.unmet == "no whole answer to POST /chat/2, request 2 of 3")
    }

    @Test("goes on after a cut answer, which stays named")
    func cutAnswer() throws {
        var hand = try Self.hand(count: 2)
        hand.tell(.inquiry(.listens))
        hand.tell(.quiescent)
        hand.tell(Self.cut)
        #expect(hand.tell(.quiescent) == ["ask POST /chat/2"])
        hand.tell(Self.whole(200))
        #expect(hand.tell(.quiescent) == ["dismiss"])
        hand.tell(.exited(.code(0)))
        #expect(hand.world.trace.asked.map(\.isFine) == [false, true])
        #expect(hand.world.trace.unmet == "no whole answer to POST /chat/1, request 1 of 2")
    }

    @Test("on the real clock the shell reminds, and a refused connection is tried again at first")
    func realClock() throws {
        var hand = try Self.hand(.real, count: 2)
        #expect(hand.tell(.inquiry(.listens)) == ["remind 2 0"])
        #expect(
            hand.tell(.inquiry(.reminded(2))) == ["remind 3 900000", "ask POST /chat/1"])
        #expect(hand.tell(.inquiry(.replied(.refused))) == ["remind 4 100"])
        #expect(hand.tell(.inquiry(.reminded(4))) == ["ask POST /chat/1"])
        #expect(hand.tell(Self.whole(200)) == ["remind 5 0"])
        #expect(hand.tell(.inquiry(.reminded(3))) == [], "the answer is there")
        hand.tell(.inquiry(.reminded(5)))
        #expect(hand.tell(.inquiry(.replied(.refused))) == ["remind 7 0"])
        #expect(hand.world.trace.asked.map(\.ending) == [.complete, .cut])
        #expect(hand.tell(.inquiry(.reminded(7))) == ["remind 8 10000", "dismiss"])
    }

    @Test("the digest covers what was answered", arguments: [ClockMode.virtual, .real])
    func digest(clock: ClockMode) throws {
        let digests = try ["one", "one", "two"].map { text in
            var hand = try Self.hand(clock)
            hand.tell(.inquiry(.listens))
            hand.tell(clock == .virtual ? .quiescent : .inquiry(.reminded(2)))
            hand.tell(Self.whole(200, text))
            hand.tell(.exited(.code(0)))
            return hand.world.trace.digest
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }
}
