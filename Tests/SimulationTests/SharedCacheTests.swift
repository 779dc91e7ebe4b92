import Cassette
import Determinism
import Faults
import Simulation
import Testing
import WireProtocols

@Suite("Runs that share what was prepared")
struct SharedCacheTests {
    private static let steps: [(upstream: String, request: RecordedRequest)] = (1...5).flatMap {
        [("llm", Fixture.chat("question \($0)")), ("shop", Fixture.tool("/orders/\($0)"))]
    }

    private static func trace(
        _ tape: Tape, _ plan: Plan, _ cache: DeliveryCache,
        _ steps: [(upstream: String, request: RecordedRequest)] = steps
    ) -> Trace {
        InProcessRun.trace(of: ChatAgent(steps), tape: tape, plan: plan, cache: cache)
    }

    @Test("get the traces that they get alone")
    func alike() throws {
        let tape = try Fixture.tenCalls()
        func delay(_ milliseconds: Int64, _ ordinal: Int) -> PlannedFault {
            let name = FaultCatalogue.named("ttfb-spike")?.parameters.first?.name ?? ""
            return Fixture.fault(
                "ttfb-spike", tape, ordinal: ordinal, [JSONMember(name, .int(milliseconds))])
        }
        let limit = Fixture.fault("rate-limit-429", tape, ordinal: 3)
        let plans = [
            [], [delay(100, 1)], [delay(200, 1)], [delay(100, 3)], [limit], [limit, delay(100, 3)],
            [delay(100, 3), limit], [delay(100, 2), limit],
        ].map { Fixture.plan(tape, $0) }
        let cache = DeliveryCache()
        for plan in plans + plans.reversed() {
            let alone = SharedCacheTests.trace(tape, plan, DeliveryCache())
            #expect(SharedCacheTests.trace(tape, plan, cache) == alone)
        }
        #expect(Set(plans.map { SharedCacheTests.trace(tape, $0, cache).digest }).count > 5)
    }

    @Test("tell requests apart by their header lines")
    func headers() throws {
        let tape = try Fixture.tenCalls()
        let cache = DeliveryCache()
        let keys = [nil, "one", "two", nil].map { key -> String? in
            var request = Fixture.tool("/orders/1", method: "GET")
            if let key { request.headers.append("Idempotency-Key", key) }
            let trace = SharedCacheTests.trace(
                tape, Fixture.plan(tape), cache, [("shop", request)])
            return trace.exchanges.first?.idempotencyKey
        }
        #expect(keys == [nil, "one", "two", nil])
    }

    @Test("tell requests apart that look alike", arguments: [false, true])
    func bytes(isDecomposedFirst: Bool) throws {
        let tape = try Fixture.tenCalls()
        let cache = DeliveryCache()
        for text in isDecomposedFirst ? ["e\u{301}", "\u{E9}"] : ["\u{E9}", "e\u{301}"] {
            var request = Fixture.tool("/orders/1", method: "GET")
            request.headers.append("Idempotency-Key", text)
            let trace = SharedCacheTests.trace(
                tape, Fixture.plan(tape), cache, [("shop", request)])
            let key = try #require(trace.exchanges.first?.idempotencyKey)
            #expect(Array(key.utf8) == Array(text.utf8))
        }
    }

    @Test("tell upstreams apart that are asked the same")
    func upstreams() throws {
        let tape = try Fixture.tenCalls()
        let cache = DeliveryCache()
        for (upstream, kind) in [
            ("shop", UpstreamKind.tool), ("llm", .model), ("nobody", .tool), ("shop", .tool),
        ] {
            let trace = SharedCacheTests.trace(
                tape, Fixture.plan(tape), cache, [(upstream, Fixture.tool("/orders/1"))])
            #expect(trace.exchanges.first?.upstream == upstream)
            #expect(trace.exchanges.first?.kind == kind)
            #expect(trace.exchanges.first?.ordinal == (upstream == "shop" ? 2 : nil))
        }
    }

    @Test(
        "have the faults that their own clock allows",
        arguments: [[ClockMode.virtual, .real], [.real, .virtual]])
    func clocks(order: [ClockMode]) throws {
        let tape = try Fixture.tenCalls()
        let plan = Fixture.plan(tape, [Fixture.fault("clock-jump-back", tape)])
        let cache = DeliveryCache()
        for clock in order + order {
            let trace: Trace
            switch clock {
            case .virtual: trace = SharedCacheTests.trace(tape, plan, cache)
            case .real:
                var hand = Hand(tape, plan, cache: cache)
                hand.exchange(1, "llm", Fixture.chat("question 1"))
                trace = hand.world.trace
            }
            let fates = trace.exchanges.flatMap(\.faults).map(\.outcome)
            let reason = "the agent's clock is real and cannot be set"
            #expect(fates == [clock == .virtual ? .fired : .inapplicable(reason)])
        }
    }

    /// A tape of these calls, read to the letter and with numbers that do not count.
    private static func tapes(_ interactions: [Interaction]) throws -> (strict: Tape, loose: Tape) {
        var numbered = interactions
        for place in numbered.indices { numbered[place].ordinal = place + 1 }
        let store = MemoryStore(
            manifest: Manifest(toolVersion: "1", upstreams: Fixture.upstreams),
            interactions: numbered)
        let loose = Normaliser(path: "$.messages[*].content", kind: .number)
        return (try Tape(store), try Tape(store, normalisers: [loose]))
    }

    private static func chat(_ texts: [String]) -> RecordedRequest {
        let messages = texts.enumerated().map { place, text -> JSONValue in
            ["role": .string(place % 2 == 0 ? "user" : "assistant"), "content": .string(text)]
        }
        let body: JSONValue = ["model": "m", "messages": .array(messages), "stream": true]
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions", body: body.encoded())
    }

    @Test(
        "find neighbours by the rules of their own tape, whichever was first",
        arguments: [true, false], [true, false])
    func neighbours(isLooseFirst: Bool, isOneCache: Bool) throws {
        let later = SharedCacheTests.chat(["day 2", "Yes.", "sure?"])
        let tapes = try SharedCacheTests.tapes([
            Fixture.interaction("llm", Fixture.chat("day 1"), Fixture.stream(["Early."])),
            Fixture.interaction("llm", later, Fixture.stream(["Late."])),
        ])
        let strict = DeliveryCache()
        let loose = isOneCache ? strict : DeliveryCache()
        for isLoose in [isLooseFirst, !isLooseFirst, isLooseFirst] {
            let tape = isLoose ? tapes.loose : tapes.strict
            let plan = Fixture.plan(
                tape, [Fixture.fault("history-truncate", tape, ordinal: 2)])
            let trace = SharedCacheTests.trace(
                tape, plan, isLoose ? loose : strict, [("llm", later)])
            #expect(trace.exchanges.map(\.answer?.text) == [isLoose ? "Early." : "Late."])
            #expect(trace == SharedCacheTests.trace(tape, plan, DeliveryCache(), [("llm", later)]))
        }
    }

    @Test("match by the rules of their own tape")
    func rules() throws {
        let (strict, loose) = try SharedCacheTests.tapes([
            Fixture.interaction("llm", Fixture.chat("day 1"), Fixture.stream(["one"])),
            Fixture.interaction("llm", Fixture.chat("day 2"), Fixture.stream(["two"])),
        ])
        let cache = DeliveryCache()
        let steps = [("llm", Fixture.chat("day 2"))]
        for _ in 0..<2 {
            let exact = SharedCacheTests.trace(strict, Fixture.plan(strict), cache, steps)
            #expect(exact.exchanges.map(\.ordinal) == [2])
            let first = SharedCacheTests.trace(loose, Fixture.plan(loose), cache, steps)
            #expect(first.exchanges.map(\.ordinal) == [1])
        }
    }
}
