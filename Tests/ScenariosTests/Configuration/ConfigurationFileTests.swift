import Cassette
import Determinism
import Faults
import Scenarios
import Testing

@Suite("The configuration")
struct ConfigurationFileTests {
    @Test("every key is read")
    func whole() throws {
        let found = try ConfigurationFixture.parse(ConfigurationFixture.whole)
        let agent = found.agent
        #expect(agent.command == ["python", "my agent.py", "{prompt}"])
        #expect(agent.clock == "real" && agent.pace == "real" && agent.entropy == "hook")
        #expect(agent.wallLimitSeconds == 2.5)
        #expect(agent.memoryLimitMebibytes == 512 && agent.processLimit == 20)
        #expect(agent.isIsolated == false && agent.showsOutput == true)
        #expect(agent.seed == Seed(31))
        #expect(agent.standardInput == "input.txt" && agent.ask == "ask.yaml")
        #expect(agent.values == ["question=7"])
        #expect(found.upstreams.map(\.name) == ["openai", "docs", "shop"])
        #expect(found.upstreams[0].address == nil)
        #expect(found.upstreams[1].address == "https://docs.example/v1")
        #expect(found.upstreams[2].kind == .tool && found.upstreams[2].wireProtocol == "mcp")
        #expect(found.upstreams[2].variables == ["SHOP_URL"])
        #expect(found.upstreams[2].reads == ["POST /query"])
        #expect(found.usesProxy == true)
        #expect(found.cassettes == ["a.cassette", "b.cassette"])
        #expect(found.defaultCassette == "b.cassette")
        #expect(
            found.prompts == [.text("Where is my order?"), .text("7"), .file("prompt.txt")])
        #expect(found.mutations == ["typo"])
        #expect(found.seeds == [Seed(1), Seed(2), Seed(3)] && found.seedText == "1..3")
        #expect(found.invariants == [["exit_code": 0, "severity": "critical"]])
        #expect(found.gates.minPass == Ratio(19, 20) && found.gates.minScore == Ratio(9, 10))
        #expect(found.gates.maxOffTape == 2 && found.gates.minRuns == 3)
        #expect(found.gates.isCriticalDeciding == false)
        #expect(found.reports.map(\.path) == ["out/storm.xml"])
        #expect(found.history == "ledger" && found.workers == 2)
        #expect(found.failures == "known")
    }

    @Test("a scenario is a file, a preset, or stands in place")
    func scenarios() throws {
        let found = try ConfigurationFixture.parse(ConfigurationFixture.whole).scenarios
        #expect(found.count == 4)
        #expect(found[0].source == .file("storm.yaml") && found[0].name == nil)
        #expect(found[1].source == .file("other.yaml") && found[1].name == "other")
        #expect(found[1].seeds == [Seed(3)])
        #expect(found[1].invariants == [["max_calls": ["count": 8, "upstream": "openai"]]])
        #expect(found[2].source == .preset("api-outage"))
        #expect(found[2].seeds == [Seed(1), Seed(2), Seed(9)])
    }

    @Test("a scenario in place is the one that a file with these keys would be")
    func inPlace() throws {
        let found = try ConfigurationFixture.parse(ConfigurationFixture.whole).scenarios
        guard case .inline(let text)? = found.last?.source else {
            Issue.record("it is not in place")
            return
        }
        let expected = try ScenarioFixture.parse(
            """
            scenario: in-place
            faults:
              - { fault: rate-limit-429, on: { probability: 1/3, call: 2 }, times: forever }
            invariants: [exit_code: 0]
            off_tape: stub
            stubs: [{ body: "yes" }]
            normalise: [{ path: $.now, as: ignore }]
            """)
        #expect(try ScenarioFixture.parse(text) == expected)
    }

    @Test("characters that YAML refuses survive on the way to the workers")
    func characters() throws {
        let found = try ConfigurationFixture.parse(
            #"""
            version: 1
            scenarios:
              - name: "odd \x7f \L \uFEFF \u0085 \" \\ é 🌩"
            """#)
        guard case .inline(let text)? = found.scenarios.first?.source else {
            Issue.record("it is not in place")
            return
        }
        #expect(
            try ScenarioFixture.parse(text).name
                == "odd \u{7F} \u{2028} \u{FEFF} \u{85} \" \\ é 🌩")
    }

    @Test("the lines of keys are kept")
    func lines() throws {
        let lines = try ConfigurationFixture.parse(ConfigurationFixture.whole).lines
        #expect(lines["version"] == 1 && lines["agent.clock"] == 4)
        #expect(lines["gates.min_pass"] == lines["gates"])
        #expect(lines["nonsense"] == nil)
    }

    @Test("a configuration may say next to nothing")
    func least() throws {
        let found = try ConfigurationFixture.parse("version: 1\n")
        #expect(
            found
                == {
                    var empty = ProjectConfiguration(file: "stormtape.yaml")
                    empty.lines = ["version": 1]
                    return empty
                }())
    }
}
