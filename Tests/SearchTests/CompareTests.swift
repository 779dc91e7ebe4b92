import Cassette
import Determinism
import Faults
import Search
import Simulation
import Testing

@Suite("Two runs side by side")
struct CompareTests {
    static let head: JSONValue = ["cassette": "c", "clock": "virtual"]

    static func request(
        _ number: Int64, _ target: String, status: Int64 = 200, at: Int64 = 0, fault: String? = nil,
        fingerprint: String? = nil, span: Int64 = 20_000_000
    ) -> JSONValue {
        [
            "at_ns": .int(at), "request": .int(number),
            "exchange": [
                "upstream": "shop", "request": .string(target),
                "fingerprint": .string(fingerprint ?? target), "take": 1, "attempt": 1,
                "source": "recorded",
                "faults": .array(fault.map { [["fault": .string($0)]] } ?? []),
                "status": .int(status), "ending": "complete",
                "delivery": .string("\(status) \(span)"), "duration_ns": .int(span),
            ],
        ]
    }

    static func step(_ of: Int64, _ index: Int64, _ kind: String, at: Int64 = 0) -> JSONValue {
        [
            "at_ns": .int(at), "step": .int(index), "of": .int(of), "kind": .string(kind),
            "bytes": 12,
        ]
    }

    static func end(_ text: String, _ output: String = "") -> JSONValue {
        ["end": .string(text), "stdout": .string(output), "stderr": ""]
    }

    static func run(_ events: [JSONValue], end: JSONValue = end("exit 0")) -> [JSONValue] {
        [head] + events + [end]
    }

    static func relations(_ difference: TraceDifference) -> String {
        let marks: [TraceDifference.Relation: String] = [
            .same: "=", .timing: "~", .changed: "!", .first: "<", .second: ">",
        ]
        return difference.rows.map { marks[$0.relation] ?? "?" }.joined()
    }

    @Test("Equal runs have no difference")
    func equal() {
        let run = Self.run([Self.request(1, "GET /a"), Self.step(1, 0, "head")])
        let difference = TraceDifference(run, run)
        #expect(difference.isEmpty)
        #expect(difference.parting == nil)
        #expect(difference.words == ["The two runs are the same."])
        #expect(Self.relations(difference) == "====")
        #expect(difference.brief == nil)
        #expect(difference.json["equal"]?.boolValue == true)
    }

    @Test("A request more shifts no other: the rest is paired, whatever its numbers are")
    func inserted() {
        let first = Self.run([
            Self.request(1, "GET /a"), Self.step(1, 0, "head"), Self.request(2, "GET /b"),
            Self.step(2, 0, "head"),
        ])
        let second = Self.run([
            Self.request(1, "GET /a"), Self.step(1, 0, "head"), Self.request(2, "GET /new"),
            Self.step(2, 0, "head"), Self.request(3, "GET /b"), Self.step(3, 0, "head"),
        ])
        let difference = TraceDifference(first, second)
        #expect(Self.relations(difference) == "===>>===")
        #expect(difference.parting == 3)
        #expect(difference.words[2].contains("request 2 shop GET /new -> 200"))
        #expect(
            difference.brief == "event 4 is no such event or "
                + #""0 s  request 2 shop GET /new -> 200 in 20 ms""#)
        let back = TraceDifference(second, first)
        #expect(Self.relations(back) == "===<<===")
    }

    @Test("A member that differs is named with both values")
    func changed() {
        let first = Self.run([Self.request(1, "GET /a")])
        let second = Self.run(
            [Self.request(1, "GET /a", status: 429, fault: "rate-limit-429")],
            end: Self.end("exit 1"))
        let difference = TraceDifference(first, second)
        #expect(Self.relations(difference) == "=!!")
        #expect(difference.rows[1].members.map(\.name) == ["faults", "status", "delivery"])
        #expect(difference.words.contains { $0.contains("status: 200 or 429") })
        #expect(difference.words.contains { $0.contains("[rate-limit-429]") })
        #expect(
            difference.brief == #"event 2 is "0 s  request 1 shop GET /a -> 200 in 20 ms" or "#
                + #""0 s  request 1 shop GET /a -> 429 in 20 ms [rate-limit-429]""#)
        #expect(difference.rows[2].members.map(\.name) == ["end"])
    }

    @Test("Instants count only when nothing else differs")
    func timing() {
        let first = Self.run([Self.request(1, "GET /a"), Self.step(1, 0, "head", at: 20)])
        let late = Self.run([
            Self.request(1, "GET /a", at: 5, span: 30), Self.step(1, 0, "head", at: 35),
        ])
        let difference = TraceDifference(first, late)
        #expect(Self.relations(difference) == "=~~=")
        #expect(difference.parting == 1)
        #expect(!difference.isEmpty)
        #expect(difference.words[0].contains("nothing but time"))
        let failing = TraceDifference(
            first, Array(late.dropLast()) + [Self.end("exit 1", "oh no\n")])
        #expect(failing.parting == 3)
        #expect(failing.divergence == 1)
        #expect(failing.words.last == #"  stdout: "" or "oh no\n""#, "\(failing.words)")
    }

    @Test("A request with another body is paired with the one in its place")
    func paired() {
        let first = Self.run([
            Self.request(1, "POST /a", fingerprint: "1"), Self.step(1, 0, "head"),
        ])
        let second = Self.run([
            Self.request(1, "POST /a", fingerprint: "2"), Self.step(1, 0, "head"),
        ])
        let difference = TraceDifference(first, second)
        #expect(Self.relations(difference) == "=!==")
        #expect(difference.rows[1].members.map(\.name) == ["fingerprint"])
        #expect(
            difference.brief
                == #"event 2, "0 s  request 1 shop POST /a -> 200 in 20 ms", differs in fingerprint"#
        )
    }

    @Test("Of two open requests of one route, what belongs to one is not taken for the other's")
    func concurrent() {
        let requests = [
            Self.request(1, "POST /a", fingerprint: "1"),
            Self.request(2, "POST /a", fingerprint: "2"),
        ]
        let kinds: [(Int64) -> JSONValue] = [
            { Self.step($0, 0, "head") }, { ["at_ns": 0, "agent_closed": .int($0)] },
        ]
        for (event, name) in zip(kinds, ["of", "agent_closed"]) {
            let first = Self.run(requests + [event(1), event(2)])
            let second = Self.run(requests + [event(2), event(1)])
            let difference = TraceDifference(first, second)
            #expect(Self.relations(difference) == "===!!=")
            #expect(difference.rows[3].members.map(\.name) == [name])
            #expect(difference.words.last == "  \(name): 1 or 2")
            #expect(!difference.isEmpty)
            #expect(TraceDifference(first, first).words == ["The two runs are the same."])
        }
        // The same requests, with other numbers.
        let swapped = Self.run([
            Self.request(2, "POST /a", fingerprint: "1"),
            Self.request(1, "POST /a", fingerprint: "2"), Self.step(2, 0, "head"),
            Self.step(1, 0, "head"),
        ])
        let first = Self.run(requests + [Self.step(1, 0, "head"), Self.step(2, 0, "head")])
        let difference = TraceDifference(first, swapped)
        #expect(Self.relations(difference) == "======")
        #expect(difference.parting == nil)
        #expect(difference.divergence == 1)
        #expect(
            difference.words == [
                "No row differs, but event 2 of the two runs is not the same, as where requests "
                    + "have other numbers."
            ])
        #expect(difference.brief == "event 2 is not the same")
    }

    @Test("Columns fold what is equal, keep to their width, and say what they leave out")
    func columns() {
        let many = (1...30).map { Self.request($0, "GET /\($0)") }
        let first = Self.run(many)
        let second = Self.run(
            many.enumerated().map { place, event in
                place % 10 == 9
                    ? Self.request(Int64(place + 1), "GET /\(place + 1)", status: 500)
                    : event
            })
        let difference = TraceDifference(first, second)
        let lines = difference.columns(width: 80, context: 1)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.count { $0.contains(" ! ") } == 3)
        #expect(lines.contains("    … 9 equal events"), "\(lines)")
        let short = difference.columns(width: 80, context: 1, rowsMax: 3)
        #expect(short.last == "    … and 2 more rows that differ", "\(short)")
        #expect(
            difference.columns(width: 80, rowsMax: 0).dropFirst(2)
                == ["    … and 3 more rows that differ"])
    }

    @Test("Nothing in an event commands a terminal")
    func visible() {
        let second = Self.run([["at_ns": 1, "foreign": "a\u{1B}[2J\u{202E}b"]])
        var keyed = Self.run([])
        keyed[0]["a\u{1B}[2J\u{202E}b"] = 1
        for other in [second, keyed] {
            let difference = TraceDifference(Self.run([]), other)
            let text = (difference.words + difference.columns()).joined()
            #expect(text.contains("[2J\u{FFFD}b"))
            #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        }
    }

    @Test("Runs that have nothing in common are compared at a bounded cost")
    func bounded() {
        let first = Self.run((1...3_000).map { Self.request($0, "GET /a\($0)") })
        let second = Self.run((1...3_000).map { Self.request($0, "GET /b\($0)") })
        let difference = TraceDifference(first, second)
        #expect(difference.rows.count == 3_002)
        #expect(difference.rows.allSatisfy { $0.first != nil && $0.second != nil })
    }

    @Test("Each event is in one of the two columns once, in order, whatever the two have in common")
    func complete() {
        for salt in 0..<60 as Range<UInt64> {
            let lists = [2 * salt, 2 * salt + 1].map { key in
                return (0..<Int64(key * 7 % 13)).map { index in
                    Self.request(index + 1, "GET /\((Int64(key) * 31 + index * index * 17) % 5)")
                }
            }
            let difference = TraceDifference(Self.run(lists[0]), Self.run(lists[1]))
            #expect(difference.rows.count { $0.first != nil } == lists[0].count + 2)
            #expect(difference.rows.count { $0.second != nil } == lists[1].count + 2)
            let requests = difference.rows.compactMap(\.first).filter { $0.contains("request") }
            let numbers = requests.compactMap { row in
                row.split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
            }
            #expect(numbers == numbers.sorted())
        }
    }

    @Test("Traces of a real agent: a fault is the first thing that differs")
    func real() throws {
        let tape = try ExplorerFixture.tape(count: 3)
        let agent = GroupAgent(ExplorerFixture.questions(count: 3))
        let runner = InProcessRunner(agent, tape: tape)
        let calm = Plan(cassette: tape.hash)
        let entry = try #require(tape.entries.first { $0.upstream == "shop" })
        var fault = ShrinkFixture.fault("server-error", call: 1)
        fault.anchor = Anchor(
            fingerprint: entry.fingerprint, take: 1, attempt: 1, upstream: "shop", call: 1)
        let broken = Plan(cassette: tape.hash, faults: [fault])
        let difference = TraceDifference(
            runner.trace(calm).digestEvents, runner.trace(broken).digestEvents)
        let parting = try #require(difference.parting)
        #expect(difference.rows[parting].second?.contains("[server-error]") == true)
        #expect(difference.rows[parting].first?.contains("shop GET /orders/2 -> 200") == true)
        #expect(
            difference.divergence
                == Divergence.first(runner.trace(calm), runner.trace(broken))?.index)
    }
}
