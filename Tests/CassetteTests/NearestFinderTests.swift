import Cassette
import Determinism
import Testing

@Suite("Misses")
struct NearestFinderTests {
    typealias Fixture = TapeFixture

    func report(
        _ tape: Tape, _ asked: RecordedRequest, played: Int = 0, consumed: Set<Int> = []
    ) throws -> MissReport {
        let finder = NearestFinder(tape)
        let identity = tape.identity(of: asked, upstream: "llm")
        let nearest = try finder.candidates(for: identity) { consumed.contains($0) }.first
        return finder.report(identity, played: played, nearest: nearest)
    }

    @Test("name the first difference as a path with both values")
    func difference() throws {
        let tape = try Fixture.tape(of: [
            Fixture.request(#"{"model":"m","messages":[{"role":"user","content":"far away"}]}"#),
            Fixture.request(#"{"model":"m","messages":[{"role":"user","content":"hello"}],"n":1}"#),
        ])
        let body = #"{"n":1,"model":"m","messages":[{"content":"hallo","role":"user"}]}"#
        #expect(
            try report(tape, Fixture.request(body)).lines == [
                "off-tape: llm was asked POST /v1/chat/completions, which is not on the tape",
                "  nearest: interaction 2", "  first difference: $.messages[0].content",
                #"    asked:    "hallo""#, #"    recorded: "hello""#,
            ])
    }

    @Test(
        "show what is absent on either side",
        arguments: [
            (#"{"a":1,"c":2}"#, "$.c", "2", "(absent)"), ("{}", "$", "{}", "(absent)"),
            (#"{"a":{"b":[1],"d.e":3}}"#, "$.a", #"{"b":[1],"d.e":3}"#, "1"),
            (
                #"{"a":"\#(String(repeating: "x", count: 300))"}"#, "$.a",
                "\"" + String(repeating: "x", count: 239) + "… (302 bytes)", "1"
            ),
        ])
    func absent(body: String, path: String, asked: String, recorded: String) throws {
        let tape = try Fixture.tape(of: [Fixture.request(#"{"a":1}"#)])
        let lines = try report(tape, Fixture.request(body)).lines
        #expect(
            lines.dropFirst(2) == [
                "  first difference: \(path)", "    asked:    \(asked)",
                "    recorded: \(recorded)",
            ])
    }

    @Test("say that a route is not there, or that all was played")
    func others() throws {
        let tape = try Fixture.tape(of: [Fixture.request("1")])
        #expect(
            try report(tape, Fixture.request("1", target: "/other?x=1")).lines == [
                "off-tape: llm was asked POST /other, which is not on the tape",
                "  the cassette holds no request to this route of llm",
            ])
        #expect(
            try report(tape, Fixture.request("1"), played: 2).lines.last
                == "  an equal request is recorded; already played 2 of 2")
    }

    @Test("prefer equal parts, then what is not played, then what is early")
    func ranking() throws {
        let tape = try Fixture.tape(
            of: [#"{"a":1,"b":1}"#, #"{"a":1,"b":2}"#, #"{"a":1,"b":2}"#, #"{"a":0,"b":0}"#]
                .map { Fixture.request($0) })
        let finder = NearestFinder(tape)
        let asked = tape.identity(of: Fixture.request(#"{"a":1,"b":9}"#), upstream: "llm")
        let found = try finder.candidates(for: asked) { $0 == 1 }
        #expect(found.map(\.ordinal) == [2, 3, 1, 4])
        #expect(found.map(\.equal) == [2, 2, 2, 1])
        #expect(try finder.candidates(for: asked) { _ in false }.map(\.ordinal) == [1, 2, 3, 4])
    }

    @Test("find the route of a path with an identifier")
    func routes() throws {
        let ids = Fixture.uuids
        let tape = try Fixture.tape(of: [Fixture.request("1", target: "/runs/\(ids[0])/steps")])
        let report = try report(tape, Fixture.request("2", target: "/runs/\(ids[1])/steps"))
        #expect(report.nearest == 1)
    }

    @Test("look at what is still due, however much was played before")
    func limit() throws {
        let count = NearestFinder.candidatesMax + 100
        let tape = try Fixture.tape(of: (1...count).map { Fixture.request("\($0)") })
        let finder = NearestFinder(tape)
        let asked = tape.identity(of: Fixture.request("0"), upstream: "llm")
        let found = try finder.candidates(for: asked) { $0 < count }
        #expect(found.first?.ordinal == count)
        #expect(found.count == NearestFinder.candidatesMax)
    }
}
