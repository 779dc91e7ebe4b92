import Cassette
import Determinism
import Faults
import Simulation
import Testing

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

    @Test("match by the rules of their own tape")
    func rules() throws {
        let interactions = [
            Fixture.interaction("llm", Fixture.chat("day 1"), Fixture.stream(["one"])),
            Fixture.interaction("llm", Fixture.chat("day 2"), Fixture.stream(["two"])),
        ].enumerated().map { place, interaction in
            var interaction = interaction
            interaction.ordinal = place + 1
            return interaction
        }
        let store = MemoryStore(
            manifest: Manifest(toolVersion: "1", upstreams: Fixture.upstreams),
            interactions: interactions)
        let strict = try Tape(store)
        let loose = try Tape(
            store, normalisers: [Normaliser(path: "$.messages[*].content", kind: .number)])
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
