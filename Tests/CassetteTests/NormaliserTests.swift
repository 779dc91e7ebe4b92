import Cassette
import Determinism
import Testing

@Suite("Normalisers")
struct NormaliserTests {
    struct Case: Sendable {
        var kind: Normaliser.Kind
        var path: String
        var bodies: [String]
        var equal: Bool
    }

    static let cases = [
        Case(kind: .ignore, path: "$.a", bodies: [#"{"a":1}"#, #"{"a":{"b":[2]}}"#], equal: true),
        Case(kind: .ignore, path: "$.a", bodies: [#"{"b":1}"#, #"{"b":2}"#], equal: false),
        Case(
            kind: .ignore, path: "$.m[*].t", bodies: [#"{"m":[{"t":1}]}"#, #"{"m":[{"t":2}]}"#],
            equal: true),
        Case(
            kind: .ignore, path: "$.m[0]", bodies: [#"{"m":[1,2]}"#, #"{"m":[1,3]}"#],
            equal: false),
        Case(
            kind: .timestamp, path: "$",
            bodies: [
                #"{"t":"at 2026-11-23T10:00:00.5+01:00"}"#, #"{"t":"at 2025-01-01 09:30"}"#,
            ], equal: true),
        Case(
            kind: .timestamp, path: "$.t", bodies: [#"{"t":1732356000}"#, #"{"t":1.5}"#],
            equal: true),
        Case(
            kind: .timestamp, path: "$", bodies: [#"{"t":"2026-11-23"}"#, #"{"t":"2026-11-24"}"#],
            equal: false),
        Case(
            kind: .date, path: "$.t", bodies: [#"{"t":"2026-11-23"}"#, #"{"t":"2026-11-24"}"#],
            equal: true),
        Case(kind: .date, path: "$.t", bodies: [#"{"t":5}"#, #"{"t":6}"#], equal: false),
        Case(kind: .number, path: "$.t", bodies: [#"{"t":"n 5"}"#, #"{"t":"n 66"}"#], equal: true),
        Case(kind: .number, path: "$.t", bodies: [#"{"t":"n 5"}"#, #"{"t":"m 5"}"#], equal: false),
        Case(kind: .number, path: "$.t", bodies: [#"{"t":true}"#, #"{"t":false}"#], equal: false),
    ]

    @Test("make equal what they say and nothing else", arguments: cases.indices)
    func kinds(index: Int) throws {
        let item = Self.cases[index]
        let rules = IdentityRules(normalisers: [Normaliser(path: item.path, kind: item.kind)])
        let prints = item.bodies.map {
            TapeFixture.identity(TapeFixture.request($0), rules: rules).fingerprint
        }
        #expect((prints[0] == prints[1]) == item.equal, "\(item)")
        let plain = item.bodies.map { TapeFixture.identity(TapeFixture.request($0)).fingerprint }
        #expect(plain[0] != plain[1])
    }

    @Test("hold for their upstream only, and on the tape as well as in the run")
    func upstream() throws {
        let rule = Normaliser(upstream: "llm", path: "$.t", kind: .number)
        let tape = try TapeFixture.tape(
            [TapeFixture.interaction(1, TapeFixture.request(#"{"t":1}"#))], normalisers: [rule])
        var matcher = Matcher(tape)
        let asked = TapeFixture.request(#"{"t":2}"#)
        #expect(
            matcher.match(tape.identity(of: asked, upstream: "shop")) == .miss(played: 0))
        #expect(
            matcher.match(tape.identity(of: asked, upstream: "llm"))
                == .due(ordinal: 1, attempt: 1))
    }
}
