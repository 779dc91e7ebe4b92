import Cassette
import Determinism
import Faults
import Testing

@Suite("A plan as JSON")
struct PlanJSONTests {
    typealias Fixture = ExpansionFixture

    static func plan() throws -> Plan {
        var plan = try Fixture.expand(
            [FaultEntry(fault: "model-fault"), FaultEntry(fault: "plain", times: nil)], seed: .max
        ).plan
        plan.invariants = [["exit_code": 0], ["max_calls": ["count": 8, "upstream": "openai"]]]
        plan.offTape = .stub
        plan.stubs = [
            Stub(body: ""),
            Stub(
                upstream: "shop", route: "POST /x", contains: "\u{0}\u{e9}", status: 404,
                contentType: "text/plain", body: "no"),
        ]
        plan.normalisers = [
            Normaliser(path: "$.a", kind: .date),
            Normaliser(upstream: "shop", path: "$", kind: .ignore),
        ]
        plan.prompt = "Refund order 17"
        return plan
    }

    @Test("a plan that is read again is the same plan, and has the same text")
    func roundTrip() throws {
        for plan in [try Self.plan(), Plan(cassette: Digest(hashing: []))] {
            let text = plan.json.canonical()
            let read = try Plan(jsonText: text, catalogue: Fixture.catalogue)
            #expect(read == plan)
            #expect(read.json.canonical() == text)
        }
    }

    @Test(
        "every member is checked",
        arguments: [
            ("\"schema\":1", "\"schema\":2", "$.schema", "schema 2 is not known"),
            ("\"schema\":1,", "\"prompt_\":1,\"schema\":1,", "$", "did you mean 'prompt'?"),
            (",\"schema\":1", "", "$", "the member 'schema' is missing"),
            ("\"order\":\"18446744073709551615\"", "\"order\":\"+5\"", "$.order", "64 bits"),
            ("\"order\":\"18446744073709551615\",", "", "$", "'order' is missing"),
            ("\"off_tape\":\"stub\"", "\"off_tape\":\"stop\"", "$.off_tape", "echo, fail"),
            ("\"delay_ms\"", "\"delay\"", "$.faults[0].parameters", "did you mean 'delay_ms'?"),
            ("\"note\":\"\",", "", "$.faults[0].parameters", "'note' is missing"),
            ("\"word\":\"500\"", "\"word\":500", "$.faults[0].parameters.word", "500, 502"),
            ("\"word\":\"500\"", "\"word\":\"501\"", "$.faults[0].parameters.word", "500, 502"),
            (
                "\"model-fault\"", "\"model-falt\"", "$.faults[0].fault",
                "did you mean 'model-fault'"
            ),
            ("\"take\":1", "\"take\":0", "$.faults[0].at.take", "at least 1"),
            ("\"take\":1", "\"take\":1.0", "$.faults[0].at.take", "a whole number"),
            ("\"call\":1", "\"call\":null", "$.faults[0].at.call", "a whole number"),
            ("\"attempt\":1", "\"attempt\":0", "$.faults[0].at.attempt", "at least 1"),
            ("\"attempt\":1,", "", "$.faults[0].at", "'attempt' is missing"),
            ("\"fingerprint\":\"", "\"fingerprint\":\"+", "$.faults[0].at.fingerprint", "32"),
            ("\"status\":404", "\"status\":99", "$.stubs[1].status", "at least 200"),
            ("text/plain", "a\\r\\nb", "$.stubs[1].content_type", "control characters"),
            ("\"as\":\"date\"", "\"as\":\"day\"", "$.normalise[0].as", "ignore, timestamp"),
            ("{\"exit_code\":0}", "{}", "$.invariants[0]", "one member"),
            ("{\"exit_code\":0}", "7", "$.invariants[0]", "one member"),
            ("\"prompt\":\"Refund order 17\"", "\"prompt\":17", "$.prompt", "a text"),
            ("{\"as", "[{\"as", "$", "invalid JSON"),
        ])
    func refuses(_ old: String, _ new: String, _ path: String, _ message: String) throws {
        let text = try Self.plan().json.canonicalText()
        let range = try #require(text.firstRange(of: old))
        let edited = text.replacingCharacters(in: range, with: new)
        let error = try #require(throws: PlanError.self) {
            try Plan(jsonText: Array(edited.utf8), catalogue: Fixture.catalogue)
        }
        #expect(error.path == path, "\(error)")
        #expect(error.message.contains(message), "\(error)")
    }

    @Test("a rule keeps what stands beside its name")
    func invariantMembers() throws {
        var plan = try Self.plan()
        plan.invariants.append([
            "label": "no refund twice", "max_calls": ["count": 8], "negate": true,
            "severity": "critical", "when": "faulted",
        ])
        let read = try Plan(jsonText: plan.json.canonical(), catalogue: Fixture.catalogue)
        #expect(read == plan)
    }

    @Test(
        "what is no plan at all is refused", arguments: ["", "[]", "7", "{}", "{\"schema\":\"1\"}"])
    func refusesForeign(_ text: String) {
        #expect(throws: PlanError.self) {
            try Plan(jsonText: Array(text.utf8), catalogue: Fixture.catalogue)
        }
    }

    @Test("every fault of the catalogue expands into a plan that is read again")
    func catalogue() throws {
        let entries = FaultCatalogue.all.map { FaultEntry(fault: $0.id) }
        for seed in UInt64(0)..<20 {
            let plan = try Expansion.expand(
                Scenario(name: "all", faults: entries), seed: Seed(seed), tape: Fixture.tape
            ).plan
            #expect(try Plan(jsonText: plan.json.canonical()) == plan, "seed \(seed)")
            #expect(!plan.faults.isEmpty)
        }
    }

    @Test("a closed plan holds what fired in plan order, and all else as it was")
    func closing() throws {
        let plan = try Self.plan()
        var everywhere = try #require(plan.faults.last)
        #expect(everywhere.anchor.attempt == nil)
        everywhere.anchor.attempt = 2
        var again = everywhere
        again.anchor.attempt = 5
        let closed = plan.closed(keeping: [everywhere, again, plan.faults[2], plan.faults[0]])
        #expect(closed.faults == [plan.faults[0], plan.faults[2], everywhere, again])
        var rest = closed
        rest.faults = plan.faults
        #expect(rest == plan)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with new: String) -> String
    {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}
