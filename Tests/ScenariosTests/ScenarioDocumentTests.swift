import Cassette
import Faults
import Foundation
import Judgement
import Scenarios
import Testing

@Suite("The page of the scenarios")
struct ScenarioDocumentTests {
    @Test("every example of docs/SCENARIOS.md is a scenario")
    func examples() throws {
        let examples = try ScenarioDocumentTests.page().matches(of: #/```yaml\n([\s\S]*?)```/#)
        #expect(examples.count >= 4)
        for example in examples {
            let scenario = try ScenarioFile.parse(
                text: String(example.1), file: "docs/SCENARIOS.md")
            #expect(!scenario.name.isEmpty)
        }
    }

    @Test("every policy and normaliser is explained")
    func words() throws {
        let page = try ScenarioDocumentTests.page()
        for policy in OffTapePolicy.allCases { #expect(page.contains("| `\(policy.rawValue)` |")) }
        for kind in Normaliser.Kind.allCases { #expect(page.contains("`\(kind.rawValue)`: ")) }
    }

    @Test("every key that the reader knows is explained")
    func keys() throws {
        let page = try ScenarioDocumentTests.page()
        for source in [
            "nonsense: 1", "scenario: a\nfaults: [{ fault: tool-stale, nonsense: 1 }]",
            "scenario: a\nfaults: [{ fault: tool-stale, on: { nonsense: 1 } }]",
            "scenario: a\nstubs: [{ nonsense: 1, body: b }]",
            "scenario: a\nnormalise: [{ nonsense: 1 }]",
        ] {
            let error = #expect(throws: ScenarioError.self) {
                try ScenarioFile.parse(text: source, file: "a.yaml")
            }
            let unknown = error?.diagnostics.first { $0.message.contains("nonsense") }
            let keys = try #require(unknown?.allowed?.split(separator: ", "))
            #expect(keys.count >= 3)
            for key in keys { #expect(page.contains("`\(key)`"), "\(key)") }
        }
    }

    private static func page() throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/SCENARIOS.md").standardizedFileURL
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
