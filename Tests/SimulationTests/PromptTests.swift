import Cassette
import Determinism
import Faults
import Simulation
import Testing

@Suite("A changed prompt")
struct PromptTests {
    private static let first = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    private static let second = "0f8fad5b-d9cb-469f-a165-70867728950e"

    /// A recording of one question, whose prompt is in the manifest.
    private func tape(_ prompt: String) throws -> Tape {
        var interaction = Fixture.interaction(
            "llm", Fixture.chat(prompt), Fixture.stream(["Done."]))
        interaction.ordinal = 1
        return try Tape(
            MemoryStore(
                manifest: Manifest(
                    toolVersion: "1", upstreams: Fixture.upstreams, prompt: prompt),
                interactions: [interaction]))
    }

    /// A run under another prompt.
    private func hand(_ recorded: String, _ given: String) throws -> Hand {
        let tape = try tape(recorded)
        var plan = Fixture.plan(tape)
        plan.prompt = given
        return Hand(tape, plan)
    }

    @Test(
        "is mapped back before the look-up, also where identifiers stand in it",
        arguments: [
            ("Refund order 7", "please refund order 7!!"),
            ("Refund \(first) now", "refund \(first), at once"),
            ("Refund \(first) now", "refund \(second), at once"),
            ("Refund \(first) now", "refund it now"),
            ("Refund it now", "refund \(second) now"),
            ("\(first) replaces \(second)", "\(second) is replaced by \(first); \(second) goes"),
        ])
    func mappedBack(_ recorded: String, _ given: String) throws {
        var hand = try hand(recorded, given)
        hand.exchange(1, "llm", Fixture.chat(given))
        let exchange = try #require(hand.world.trace.exchanges.first)
        #expect(exchange.source == .prompt)
        #expect(exchange.ordinal == 1)
        #expect(exchange.miss == nil)
        #expect(hand.stops.isEmpty)
    }

    @Test("explains no other change")
    func otherChange() throws {
        var hand = try hand("Refund \(Self.first) now", "refund \(Self.second) now")
        hand.exchange(1, "llm", Fixture.chat("refund \(Self.second) tomorrow"))
        #expect(hand.world.trace.exchanges.map(\.source) == [.miss])
    }

    @Test("is named where a request misses, but not where its answers were all given")
    func hint() throws {
        var transformed = try hand("Refund order 7", "refund 7")
        transformed.exchange(1, "llm", Fixture.chat("REFUND 7"))
        let miss = try #require(transformed.world.trace.exchanges.first?.miss)
        #expect(miss.played == 0)
        #expect(miss.hint?.contains("the agent transformed it") == true)

        var again = try hand("Refund order 7", "refund 7")
        for number in 1...2 { again.exchange(number, "llm", Fixture.chat("Refund order 7")) }
        let spent = try #require(again.world.trace.exchanges.last?.miss)
        #expect(spent.played == 1)
        #expect(spent.hint == nil)
    }
}
