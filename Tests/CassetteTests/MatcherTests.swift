import Cassette
import Determinism
import Testing

@Suite("Matching")
struct MatcherTests {
    typealias Fixture = TapeFixture

    /// Plays a script of bodies, each delivered whole, and returns the ordinals; 0 for a miss.
    func played(_ tape: Tape, _ bodies: [String]) -> [Int] {
        var matcher = Matcher(tape)
        return bodies.map { body in
            let identity = tape.identity(of: Fixture.request(body), upstream: "llm")
            guard case .due(let ordinal, _) = matcher.match(identity) else { return 0 }
            matcher.delivered(ordinal, consumed: true, altered: false)
            return ordinal
        }
    }

    @Test("is first in, first out per fingerprint and free across them")
    func order() throws {
        let tape = try Fixture.tape(of: ["1", "2", "1", "3", "1"].map { Fixture.request($0) })
        #expect(played(tape, ["3", "1", "2", "1", "1", "1"]) == [4, 1, 2, 3, 5, 0])
    }

    @Test("prefers the same identifiers, then takes any")
    func exact() throws {
        let bodies = Fixture.uuids.map { #"{"id":"\#($0)"}"# }
        let tape = try Fixture.tape(of: bodies[0..<2].map { Fixture.request($0) })
        #expect(played(tape, [bodies[1], bodies[0]]) == [2, 1])
        #expect(played(tape, [bodies[2], bodies[1]]) == [1, 2])
        // What the tape knows is never answered with another one's answer.
        #expect(played(tape, [bodies[0], bodies[0]]) == [1, 0])
    }

    @Test("counts attempts and misses")
    func attempts() throws {
        let tape = try Fixture.tape(of: ["1", "1"].map { Fixture.request($0) })
        let identity = tape.identity(of: Fixture.request("1"), upstream: "llm")
        var matcher = Matcher(tape)
        #expect(matcher.match(identity) == .due(ordinal: 1, attempt: 1))
        matcher.delivered(1, consumed: false, altered: true)
        #expect(matcher.match(identity) == .due(ordinal: 1, attempt: 2))
        matcher.delivered(1, consumed: true, altered: false)
        #expect(matcher.unplayed == [2])
        #expect(matcher.match(identity) == .due(ordinal: 2, attempt: 1))
        matcher.delivered(2, consumed: true, altered: true)
        #expect(matcher.match(identity) == .reask(ordinal: 2, attempt: 2))
        #expect(matcher.match(identity) == .reask(ordinal: 2, attempt: 3))
        #expect(matcher.unplayed == [])
    }

    @Test("says how many answers were played when none is left")
    func exhausted() throws {
        let tape = try Fixture.tape(of: ["1", "1"].map { Fixture.request($0) })
        let identity = tape.identity(of: Fixture.request("1"), upstream: "llm")
        var matcher = Matcher(tape)
        for ordinal in 1...2 {
            _ = matcher.match(identity)
            matcher.delivered(ordinal, consumed: true, altered: false)
        }
        #expect(matcher.match(identity) == .miss(played: 2))
    }

    @Test("gives hedged requests an answer each, and shares the last")
    func hedged() throws {
        let tape = try Fixture.tape(of: ["1", "1"].map { Fixture.request($0) })
        let identity = tape.identity(of: Fixture.request("1"), upstream: "llm")
        var matcher = Matcher(tape)
        #expect(matcher.match(identity) == .due(ordinal: 1, attempt: 1))
        #expect(matcher.match(identity) == .due(ordinal: 2, attempt: 1))
        #expect(matcher.match(identity) == .due(ordinal: 1, attempt: 2))
    }

    @Test("numbers a recorded retry as the same call")
    func calls() throws {
        let answers = [("1", 429), ("1", 200), ("2", 200), ("1", 200), ("3", 500), ("3", 500)]
        let tape = try Fixture.tape(
            answers.enumerated().map { place, item in
                Fixture.interaction(place + 1, Fixture.request(item.0), status: item.1)
            })
        #expect(tape.entries.map(\.call) == [1, 1, 2, 3, 4, 4])
        #expect(tape.entries.map(\.take) == [1, 2, 1, 3, 1, 2])
        #expect(tape.ordinal(of: tape.entry(1).fingerprint, take: 3) == 4)
        #expect(tape.ordinal(of: tape.entry(1).fingerprint, take: 4) == nil)
        #expect(tape.takeCount(tape.entry(5).fingerprint) == 2)
    }
}
