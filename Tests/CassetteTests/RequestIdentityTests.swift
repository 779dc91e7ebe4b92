import Cassette
import Determinism
import Testing

@Suite("The identity of a request")
struct RequestIdentityTests {
    typealias Fixture = TapeFixture

    func fingerprint(_ body: String, _ headers: HeaderFields = []) -> Fingerprint {
        Fixture.identity(Fixture.request(body, headers: headers)).fingerprint
    }

    @Test("does not depend on how the JSON was written")
    func written() {
        let first = Fixture.uuids[0]
        let second = Fixture.uuids[1]
        let one = #"{"model":"m","messages":[{"a":"\#(first)","b":"\#(second)"}]}"#
        let other =
            #" { "messages" : [ {"b":"\#(second)","a" : "\#(first)"} ],"# + "\n"
            + #""model":"\u006d"}"#
        #expect(fingerprint(one) == fingerprint(other))
        let left = Fixture.identity(Fixture.request(one))
        #expect(left.exact == Fixture.identity(Fixture.request(other)).exact)
        #expect(left.exact != left.fingerprint)
    }

    @Test("does not depend on headers")
    func headers() {
        let retry: HeaderFields = [
            HeaderField("x-stainless-retry-count", "2"), HeaderField("user-agent", "x"),
        ]
        #expect(fingerprint("{\"a\":1}", retry) == fingerprint("{\"a\":1}"))
    }

    @Test(
        "tells bodies apart that are nearly alike",
        arguments: [
            ("", "{}"), ("{}", "[]"), ("{}", "null"), ("1", "1.0"), ("{\"a\":1}", "{\"a\":\"1\"}"),
            (#"{"a":[1]}"#, #"{"a":1}"#), (#"{"a":[]}"#, #"{"a":{}}"#), (#"{"a":null}"#, "{}"),
            (#"{"a":[1,2]}"#, #"{"a.length":2,"a[0]":1,"a[1]":2}"#),
            (#"{"a":{"b":1}}"#, #"{"a.b":1}"#), ("text", "\"text\""), ("a=1&b=2", "a=1&b=3"),
            (#"{"a":"é"}"#, #"{"a":"e\u0301"}"#),
        ])
    func apart(one: String, other: String) {
        #expect(fingerprint(one) != fingerprint(other))
    }

    @Test("names identifiers by first use, so that only their pattern counts")
    func identifiers() {
        let ids = Fixture.uuids
        let twice = { (a: String, b: String) in #"{"a":"\#(a)","b":"x run_\#(b)!"}"# }
        #expect(fingerprint(twice(ids[0], ids[0])) == fingerprint(twice(ids[1], ids[1])))
        #expect(fingerprint(twice(ids[0], ids[1])) == fingerprint(twice(ids[1], ids[2])))
        #expect(fingerprint(twice(ids[0], ids[0])) != fingerprint(twice(ids[0], ids[1])))
        let hex = ["0123456789abcdef01234567", "fedcba98765432100123456789"]
        #expect(fingerprint(twice(hex[0], hex[0])) == fingerprint(twice(hex[1], hex[1])))
    }

    @Test(
        "leaves words alone that are no identifiers",
        arguments: [
            "0123456789abcdef0123456", "000000000000000000000000", "aaaaaaaaaaaaaaaaaaaaaaaa",
            "0123456789abcdef01234567g", "550e8400-e29b-41d4-a716-44665544000",
            "550e8400-e29b-41d4-a716-4466554400000", "2026-11-23T10:00:00", "9.99",
        ])
    func words(word: String) {
        #expect(VolatileIdentifiers.all(in: word) == [])
    }

    @Test("leaves identifiers alone that a response introduced")
    func known() {
        let ids = Fixture.uuids
        let rules = IdentityRules(knownIdentifiers: [ids[0]])
        let prints = ids.map {
            Fixture.identity(Fixture.request(#"{"a":"\#($0)"}"#), rules: rules).fingerprint
        }
        #expect(prints[0] != prints[1])
        #expect(prints[1] == prints[2])
    }

    @Test("knows identifiers from bodies and headers of responses, not echoes of requests")
    func introduced() {
        let ids = Fixture.uuids
        var first = Fixture.interaction(
            1, Fixture.request(#"{"id":"\#(ids[0])"}"#), answer: #"{"\#(ids[0])":"\#(ids[1])"}"#)
        first.response?.headers = [HeaderField("location", "/runs/\(ids[2])")]
        let second = Fixture.interaction(2, Fixture.request(#"{"id":"\#(ids[2])"}"#))
        #expect(TapeIndexer.knownIdentifiers(in: [first, second]) == [ids[1], ids[2]])
    }

    @Test("takes the boundary of a multipart body for drawn anew, also in a binary one")
    func multipart() {
        func upload(_ boundary: String, _ content: [UInt8]) -> Fingerprint {
            let type = "Multipart/form-data; charset=x; Boundary=\"\(boundary)\""
            let body =
                Array("--\(boundary)\r\n\r\n".utf8) + content
                + Array("\r\n--\(boundary)--".utf8)
            return Fixture.identity(
                RecordedRequest(
                    method: "POST", target: "/files",
                    headers: [HeaderField("content-type", type)], body: body)
            ).fingerprint
        }
        for content in [Array("text".utf8), [0xFF, 0x00, 0xFE]] {
            #expect(upload("abc1", content) == upload("zzzzzz", content))
            #expect(upload("abc1", content) != upload("abc1", content + [0x21]))
        }
    }

    @Test("is the same from a tape that remembers identities", arguments: ["x", "\u{FF}"])
    func remembered(content: String) throws {
        let tape = try Fixture.tape(of: [])
        let body = content == "x" ? Array("--b\r\nx".utf8) : Array("--b\r\n".utf8) + [0xFF]
        for boundary in ["b", "c", "b"] {
            let type = "multipart/form-data; boundary=\(boundary)"
            let request = RecordedRequest(
                method: "POST", target: "/files",
                headers: [HeaderField("content-type", type)], body: body)
            #expect(
                tape.identity(of: request, upstream: "llm") == Fixture.identity(request))
        }
    }

    @Test("tells bodies apart that are no text")
    func binary() {
        let bodies: [[UInt8]] = [[0xFF], [0xFE], [0xFF, 0xFF], Array("sha256".utf8)]
        let prints = bodies.map {
            Fixture.identity(
                RecordedRequest(method: "POST", target: "/", body: $0)
            ).fingerprint
        }
        #expect(Set(prints).count == bodies.count)
    }

    @Test("sorts the query and tells its fields apart")
    func query() {
        func get(_ target: String) -> Fingerprint {
            Fixture.identity(Fixture.request(method: "GET", target: target)).fingerprint
        }
        #expect(get("/a?x=1&y=2") == get("/a?y=2&x=1"))
        #expect(get("/a?x=1&y=2") != get("/a?x=2&y=1"))
        #expect(get("/a?x=1") != get("/a"))
        #expect(get("/a/\(Fixture.uuids[0])") == get("/a/\(Fixture.uuids[1])"))
    }
}
