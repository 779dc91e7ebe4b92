import Cassette
import Determinism
import Testing

/// No green lies: a request that differs anywhere must not be found.
@Suite("Audit")
struct AuditTests {
    @Test("misses every request with one thing changed", arguments: 0..<12)
    func mutations(seed: Int) throws {
        var source = SampleSource(state: UInt64(seed))
        let requests = (0..<6).map { _ in AuditTests.request(&source) }
        let tape = try TapeFixture.tape(of: requests)
        var count = 0
        for request in requests {
            for (label, mutant) in AuditTests.mutants(of: request) {
                count += 1
                var matcher = Matcher(tape)
                let match = matcher.match(tape.identity(of: mutant, upstream: "llm"))
                #expect(match == .miss(played: 0), "seed \(seed): \(label)")
            }
            var matcher = Matcher(tape)
            #expect(
                matcher.match(tape.identity(of: request, upstream: "shop")) == .miss(played: 0))
            #expect(matcher.match(tape.identity(of: request, upstream: "llm")) != .miss(played: 0))
        }
        #expect(count > 100)
    }

    static func request(_ source: inout SampleSource) -> RecordedRequest {
        if source.below(2) == 0 {
            let messages = (0...source.below(3)).map { _ -> JSONValue in
                [
                    "role": .string(["system", "user", "tool"][source.below(3)]),
                    "content": [["type": "text", "text": .string("t" + source.text(12))]],
                ]
            }
            let body: JSONValue = [
                "model": .string("m" + source.text(4)), "messages": .array(messages),
                "temperature": .number("0.\(source.below(9))"),
                "stream": .bool(source.below(2) == 0),
                "n": .int(Int64(source.below(99))), "tools": .array([]), "user": .null,
            ]
            return RecordedRequest(
                method: "POST", target: "/v1/chat/completions", body: body.encoded())
        }
        let body: JSONValue = [
            "order": ["id": .int(Int64(source.below(9999))), "note": .string(source.text(9))]
        ]
        return RecordedRequest(
            method: ["POST", "PUT"][source.below(2)],
            target: "/orders/\(source.below(999))?dry=\(source.below(9))&x=\(source.below(9))",
            body: source.below(3) == 0 ? source.bytes(30) + [0x21] : body.encoded())
    }

    static func mutants(of request: RecordedRequest) -> [(String, RecordedRequest)] {
        var mutants: [(String, RecordedRequest)] = []
        func add(_ label: String, _ edit: (inout RecordedRequest) -> Void) {
            var mutant = request
            edit(&mutant)
            mutants.append((label + " of \(request.method) \(request.target)", mutant))
        }
        add("method") { $0.method = "PATCH" }
        add("path") { $0.target = "/x" + $0.target }
        add("query") { $0.target += request.target.contains("?") ? "1" : "?a=1" }
        add("no body") { $0.body = [] }
        if let body = try? JSONValue.parse(request.body) {
            for (label, value) in edits(of: body) { add(label) { $0.body = value.encoded() } }
        } else {
            for place in request.body.indices {
                add("byte \(place)") { $0.body[place] = $0.body[place] == 0x41 ? 0x42 : 0x41 }
            }
        }
        return mutants
    }

    /// The value with one thing changed: each leaf, each member gone, each list one longer.
    static func edits(of value: JSONValue, at path: String = "$") -> [(String, JSONValue)] {
        switch value {
        case .null: return [(path, false)]
        case .bool(let flag): return [(path, .bool(!flag)), (path, .null)]
        case .number(let text): return [(path, .number(text + "1")), (path, .string(text))]
        case .string(let text): return [(path, .string(text + " ")), (path, .array([value]))]
        case .array(let elements):
            let inner = elements.indices.flatMap { place in
                edits(of: elements[place], at: "\(path)[\(place)]").map { label, edited in
                    var copy = elements
                    copy[place] = edited
                    return (label, JSONValue.array(copy))
                }
            }
            return inner + [(path + " +1", .array(elements + [.null]))]
        case .object(let members):
            return members.indices.flatMap { place in
                var without = members
                without.remove(at: place)
                var renamed = members
                renamed[place].key += "x"
                let label = "\(path).\(members[place].key)"
                return [
                    (label + " gone", JSONValue.object(without)),
                    (label + " renamed", .object(renamed)),
                ]
                    + edits(of: members[place].value, at: label).map { label, edited in
                        var copy = members
                        copy[place].value = edited
                        return (label, .object(copy))
                    }
            }
        }
    }
}
