import Cassette
import Determinism
import Faults
import Testing

@testable import Simulation

@Suite("What runs share of a tape is bounded")
struct SharedCacheBoundsTests {
    private static let text = String(repeating: "word ", count: 4_000)

    /// A tape of one tool's answer that says much.
    private static func tape() throws -> Tape {
        try Fixture.tape([
            Fixture.interaction(
                "shop", Fixture.tool("/orders/1"),
                Fixture.response([#"{"id":1,"note":"\#(text)"}"#]))
        ])
    }

    private static func delivery(_ fault: String, _ given: [JSONMember] = []) throws
        -> DisturbedDelivery
    {
        let tape = try tape()
        let entry = try DeliveryCache().entry(1, tape: tape)
        return DisturbedDelivery(
            entry, planned: [Fixture.fault(fault, tape, given)],
            context: FaultContext(
                interaction: entry.interaction, upstream: Fixture.upstreams[1], wire: entry.wire))
    }

    private static func key(_ ordinal: Int, _ text: String = "") -> DisturbedDeliveries.Key {
        DisturbedDeliveries.Key(
            ordinal: ordinal, upstream: "shop", isClockVirtual: true,
            faults: [
                .init(
                    id: "tool-empty",
                    parameters: FaultParameters([JSONMember("text", .string(text))]))
            ])
    }

    @Test("every part of a key tells deliveries apart")
    func parts() throws {
        let base = Self.key(1)
        var keys = [base, Self.key(2), Self.key(1, "\u{E9}"), Self.key(1, "e\u{301}")]
        keys += Array(repeating: base, count: 4)
        keys[4].upstream = "llm"
        keys[5].isClockVirtual = false
        keys[6].faults[0].id = "tool-stale"
        keys[7].faults += base.faults
        let known = DisturbedDeliveries()
        let made = try keys.map { _ in try Self.delivery("tool-empty") }
        for _ in 0..<2 {
            for (key, own) in zip(keys, made) { #expect(known.delivery(key) { own } === own) }
        }
        let other = try Self.delivery("tool-empty")
        for (key, own) in zip(keys, made) { #expect(known.delivery(key) { other } === own) }
    }

    @Test("all deliveries are forgotten for one too many, none for one that is too large")
    func deliveries() throws {
        let small = try Self.delivery("ttfb-spike", [JSONMember("delay_ms", .int(0))])
        let large = try Self.delivery("tool-unicode-noise", [JSONMember("place", .int(1))])
        let size = Self.key(1).byteCount + small.byteCount
        #expect(large.byteCount > 4 * size)
        let known = DisturbedDeliveries(bytesMax: 4 * size)
        for ordinal in 1...4 { _ = known.delivery(Self.key(ordinal)) { small } }
        #expect(known.count == 4)
        #expect(known.delivery(Self.key(5)) { large } === large)
        #expect(known.count == 4)
        #expect(known.delivery(Self.key(6)) { small } === small)
        #expect(known.count == 1)
        #expect(known.delivery(Self.key(6)) { large } === small)
    }

    @Test("a delivery is charged for what it holds, and one that no fault changed for little")
    func charges() throws {
        let delayed = try Self.delivery("ttfb-spike", [JSONMember("delay_ms", .int(5))])
        let unaltered = try Self.delivery("ttfb-spike", [JSONMember("delay_ms", .int(0))])
        let rewritten = try Self.delivery("tool-unicode-noise", [JSONMember("place", .int(1))])
        let length = Self.text.utf8.count
        #expect(delayed.isAltered && rewritten.isAltered && !unaltered.isAltered)
        #expect(unaltered.byteCount < 500)
        #expect((2 * length...3 * length).contains(delayed.byteCount))
        // Body and steps, and for the agent that repeats it what it says and what it said.
        #expect(rewritten.echo.substitutions.contains { $0.original.utf8.count > length })
        #expect(rewritten.byteCount > 4 * length)
        #expect(Self.key(1, Self.text).byteCount - Self.key(1).byteCount == length)
    }

    private static func request(_ number: Int, body: String = "{}") -> RecordedRequest {
        var request = Fixture.tool("/orders/1", body)
        request.headers.append("X-Number", "\(number)")
        return request
    }

    @Test("requests that differ in a header only are found by different keys")
    func keys() {
        let keys = Set((1...1_000).map { RequestReadings.key(of: Self.request($0)) })
        #expect(keys.count == 1_000)
        #expect(Self.request(1).sketch == Self.request(2).sketch)
    }

    @Test("all readings are forgotten for one too many, none for one that is too large")
    func readings() throws {
        let tape = try Self.tape()
        let size = RequestReading(Self.request(1), upstream: "shop", tape: tape).byteCount
        let known = RequestReadings(bytesMax: 4 * size)
        func reading(_ request: RecordedRequest) -> RequestReading {
            known.reading(of: request, upstream: "shop", tape: tape)
        }
        let first = reading(Self.request(1))
        for number in 1...4 { _ = reading(Self.request(number)) }
        #expect(known.count == 4)
        #expect(reading(Self.request(1)) === first)
        let large = Self.request(5, body: Self.text)
        #expect(reading(large).request == large)
        #expect(known.count == 4)
        #expect(reading(Self.request(1)) === first)
        _ = reading(Self.request(5))
        #expect(known.count == 1)
        #expect(reading(Self.request(1)) !== first)
    }

    @Test("a reading is charged for target, headers and each component")
    func readingCharges() throws {
        let tape = try Self.tape()
        func size(_ request: RecordedRequest) -> Int {
            RequestReading(request, upstream: "llm", tape: tape).byteCount
        }
        let plain = size(Fixture.tool("/"))
        #expect(size(Fixture.tool("/" + Self.text)) == plain + Self.text.utf8.count)
        let list = "[" + Array(repeating: "0", count: 500).joined(separator: ",") + "]"
        let messages = size(Fixture.tool("/", #"{"messages":\#(list)}"#))
        #expect(messages > plain + 500 * 128)
        var long = Fixture.tool("/")
        long.headers.append("X-Text", Self.text)
        #expect(size(long) > plain + Self.text.utf8.count)
    }
}
