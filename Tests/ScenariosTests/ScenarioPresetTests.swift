import Faults
import Testing

@testable import Scenarios

@Suite("Ready-made scenarios")
struct ScenarioPresetTests {
    @Test("each preset is a scenario of its name", arguments: ScenarioPreset.all.map(\.name))
    func read(name: String) throws {
        let preset = try #require(ScenarioPreset.named(name))
        let scenario = try ScenarioFile.parse(text: preset.text, file: name)
        #expect(scenario.name == name)
        #expect(scenario.faults.count >= 1)
        #expect(preset.summary.hasSuffix("."))
    }

    @Test("the profiles of flakestorm and the composites are there")
    func names() {
        let names = ScenarioPreset.all.map(\.name)
        #expect(
            names == [
                "api-outage", "degraded-llm", "high-latency", "hostile-tools",
                "cascading-failure", "indirect-injection", "model-version-drift",
                "provider-brownout", "rate-limit-squeeze", "cdn-bad-hour", "flaky-wifi",
                "proxy-from-hell", "crash-loop", "mcp-deploy", "lying-tools", "long-haul",
                "silent-five",
            ])
    }

    @Test("a misspelt name gets a suggestion")
    func unknown() {
        #expect(ScenarioPreset.unknown("api-outag").contains("did you mean 'api-outage'?"))
    }

    @Test("places may be named by words, other words are refused")
    func words() throws {
        let text = "scenario: s\nfaults:\n  - fault: conn-reset-mid-body\n    at_bytes: "
        let scenario = try ScenarioFile.parse(text: text + "middle\n", file: "s")
        #expect(scenario.faults.first?.settings.first?.setting == .word(.middle))
        #expect(throws: ScenarioError.self) {
            try ScenarioFile.parse(text: text + "somewhere\n", file: "s")
        }
    }
}
