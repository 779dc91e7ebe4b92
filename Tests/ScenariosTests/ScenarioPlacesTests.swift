import Determinism
import Testing

@testable import Scenarios

@Suite("Places of the parts of a scenario")
struct ScenarioPlacesTests {
    @Test("each invariant has its line, and the form that the plan has")
    func invariants() throws {
        let text = """
            scenario: s
            invariants:
              - exit_code: 0
              # a comment
              - severity: high
                max_calls: { upstream: openai, at_most: 8 }

            """
        let places = ScenarioPlaces.invariants(in: text)
        #expect(places.map(\.line) == [3, 5])
        #expect(places.map(\.column) == [5, 5])
        let forms: [JSONValue] = [
            ["exit_code": 0],
            ["max_calls": ["at_most": 8, "upstream": "openai"], "severity": "high"],
        ]
        #expect(places.map(\.source) == forms)
    }

    @Test("a text that is no scenario has none", arguments: ["", "a: [", "- 1", "invariants: 3"])
    func none(text: String) {
        #expect(ScenarioPlaces.invariants(in: text).isEmpty)
    }
}
