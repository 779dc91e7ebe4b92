import Cassette
import Determinism
import Faults
import Testing

@Suite("Expansion")
struct ExpansionTests {
    typealias Fixture = ExpansionFixture

    @Test(
        "selectors name recorded interactions",
        arguments: [
            ("everything", [1, 2, 3, 4, 5, 6, 7]), ("upstream", [1, 3, 4, 7]), ("kind", [2, 5, 6]),
            ("tool", [2, 5]), ("model", [1, 3, 4, 7]), ("other model", []), ("stream", [7]),
            ("call", [3, 4]), ("window", [3, 4]), ("args", [6]), ("other args", []),
            ("after", [3, 4, 5, 6, 7]), ("first", [1, 2]), ("every", [2, 4, 6]),
            ("after first every", [4, 6]), ("never", []),
        ] as [(String, [Int])])
    func selects(_ name: String, _ expected: [Int]) throws {
        let ordinals = try Fixture.ordinals { selector in
            switch name {
            case "upstream": selector.upstream = "openai"
            case "kind": selector.kind = .tool
            case "tool": selector.tool = "GET /orders/*"
            case "model": selector.model = "m1"
            case "other model": selector.model = "m2"
            case "stream": selector.stream = true
            case "call":
                selector.upstream = "openai"
                selector.call = 2
            case "window":
                selector.windowMilliseconds = 2_000...3_000
                selector.kind = .model
            case "args": selector.arguments = [JSONMember("/order/id", 17)]
            case "other args": selector.arguments = [JSONMember("/order/id", "17")]
            case "after": selector.after = 2
            case "first": selector.first = 2
            case "every": selector.every = 2
            case "after first every":
                selector.after = 2
                selector.first = 4
                selector.every = 2
            case "never": selector.probability = .never
            default: break
            }
        }
        #expect(ordinals == expected)
    }

    @Test("a fault for models never hits a tool")
    func respectsTarget() throws {
        #expect(try Fixture.ordinals("model-fault") { _ in } == [1, 3, 4, 7])
        #expect(try Fixture.ordinals("tool-fault") { $0.upstream = "shop" } == [2, 5])
    }

    @Test("times gives consecutive attempts, and none gives every attempt")
    func times() throws {
        var selector = Selector()
        selector.call = 1
        selector.kind = .model
        selector.attempt = 2
        let burst = try Fixture.expand([FaultEntry(fault: "plain", selector: selector, times: 3)])
        #expect(burst.plan.faults.map(\.anchor.attempt) == [2, 3, 4])
        selector.attempt = 1
        let always = try Fixture.expand([FaultEntry(fault: "plain", selector: selector, times: nil)]
        )
        #expect(always.plan.faults.map(\.anchor.attempt) == [nil])
    }

    @Test("a parameter that fits no value is reported as inapplicable")
    func inapplicable() throws {
        let result = try Fixture.expand([FaultEntry(fault: "tool-fault")])
        #expect(result.plan.faults.count == 2)
        #expect(result.inapplicable.map(\.reason) == ["no 'at_byte' fits the recorded answer"])
        #expect(result.inapplicable.map(\.anchor.call) == [3])
    }

    @Test("an earlier answer has the same path, else the same route up to identifiers")
    func earlier() throws {
        let result = try Fixture.expand([FaultEntry(fault: "stale")])
        // 3 repeats 1, 4 repeats 1 since 3 failed, 5 repeats 2 by its shape, 7 repeats 4.
        #expect(result.plan.faults.map { $0.parameters.integer("earlier") } == [1, 1, 2, 4])
        #expect(result.inapplicable.count == 3)
    }

    @Test("an entry that selects nothing is named")
    func unmatched() throws {
        var selector = Selector()
        selector.call = 99
        let result = try Fixture.expand([
            FaultEntry(fault: "plain"), FaultEntry(fault: "plain", selector: selector),
        ])
        #expect(result.unmatched == [1])
    }

    @Test("settings take the place of defaults, in the plan's one form")
    func settings() throws {
        let entry = FaultEntry(
            fault: "model-fault",
            settings: [
                ("note", .fixed(.number("007"))), ("word", .fixed(502)),
                ("delay_ms", .range(7...7)),
            ])
        let parameters = try Fixture.expand([entry]).plan.faults[0].parameters
        #expect(
            parameters.members == [
                JSONMember("delay_ms", 7), JSONMember("word", "502"), JSONMember("note", "007"),
            ])
    }

    @Test(
        "what does not fit the catalogue or the cassette is refused",
        arguments: [
            ("model-fualt", "", .fixed(1), "did you mean 'model-fault'?"),
            ("model-fault", "delay", .fixed(1), "has no parameter 'delay'; it has: delay_ms"),
            ("model-fault", "delay_ms", .fixed(0), "from 1 to 1000, or first, middle, last, was 0"),
            ("model-fault", "delay_ms", .fixed("1"), "first, middle, last, was \"1\""),
            ("model-fault", "delay_ms", .range(1...1_001), "was the range 1 to 1001"),
            ("model-fault", "word", .fixed(501), "must be one of 500, 502, was 501"),
            ("model-fault", "word", .range(0...1), "takes no range"),
            ("model-fault", "note", .fixed(.null), "must be a text, was null"),
        ] as [(String, String, ParameterSetting, String)])
    func refuses(
        _ fault: String, _ name: String, _ setting: ParameterSetting, _ expected: String
    ) throws {
        let error = try #require(throws: ExpansionError.self) {
            try Fixture.expand([
                FaultEntry(fault: "plain"),
                FaultEntry(fault: fault, settings: name.isEmpty ? [] : [(name, setting)]),
            ])
        }
        #expect(error.description.contains(expected), "\(error)")
        #expect(error.description.hasPrefix("entry 2 of 'faults': "))
    }

    @Test(
        "selectors out of range or off the cassette are refused",
        arguments: [
            ("upstream", "the cassette does not have; it has: openai, shop"),
            ("wrong target", "hits upstreams of kind model only; 'shop' is a tool"),
            ("wrong kind", "it is aimed at kind tool"),
            ("call", "'call' must be at least 1, was 0"),
            ("attempt", "'attempt' must be at least 1 and at most 10000, was 70000"),
            ("times", "'times' must be at least 1 and at most 10000, was 0"),
            ("forever", "'attempt' must be 1"),
        ])
    func refusesSelectors(_ name: String, _ expected: String) throws {
        var entry = FaultEntry(fault: "model-fault")
        switch name {
        case "upstream": entry.selector.upstream = "opnai"
        case "wrong target": entry.selector.upstream = "shop"
        case "wrong kind": entry.selector.kind = .tool
        case "call": entry.selector.call = 0
        case "attempt": entry.selector.attempt = 70_000
        case "times": entry.times = 0
        default:
            entry.selector.attempt = 2
            entry.times = nil
        }
        let error = try #require(throws: ExpansionError.self) { try Fixture.expand([entry]) }
        #expect(error.description.contains(expected), "\(error)")
    }

    @Test("takes beyond the key's 16 bits are still told apart")
    func manyTakes() throws {
        let entry = FaultEntry(
            fault: "tool-fault", settings: [("at_byte", .range(0...1_000_000))])
        let tape = try Tape(FarTakes(takes: [1, 2, 65_537, 65_538, 131_073]))
        let faults = try Expansion.expand(
            Scenario(name: "s", faults: [entry]), seed: Seed(1), tape: tape,
            catalogue: Fixture.catalogue
        ).plan.faults
        #expect(faults.map(\.anchor.take) == [1, 2, 65_537, 65_538, 131_073])
        #expect(Set(faults.map { $0.parameters.integer("at_byte") }).count == 5)
    }
}

/// A store whose rows are takes of one request, as if those between them had been left out.
private struct FarTakes: InteractionStore {
    let takes: [Int]
    let manifest = Manifest(toolVersion: "1", upstreams: ExpansionFixture.upstreams)
    let hash = Digest(hashing: [])
    let knownIdentifiers: Set<String> = []

    func entries() -> [TapeEntry] {
        takes.enumerated().map { index, take in
            var row = ExpansionFixture.tape.entry(2)
            row.ordinal = index + 1
            row.take = take
            return row
        }
    }

    func interaction(_ ordinal: Int) throws -> Interaction {
        try ExpansionFixture.tape.interaction(2)
    }
}
