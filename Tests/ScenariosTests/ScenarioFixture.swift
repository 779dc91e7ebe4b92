import Determinism
import Faults
import Scenarios

/// A small catalogue, so that error texts are exact.
enum ScenarioFixture {
    static let catalogue: [FaultKind] = [
        kind(
            "rate-limit-429", .model,
            [
                ParameterSpec(
                    "retry_after_ms", .integer(1...60_000), default: .fixed(1_000), "x"),
                ParameterSpec(
                    "variant", .choice(["short", "long"]), default: .fixed("short"), "x"),
                ParameterSpec("note", .text, default: .fixed(""), "x"),
            ]),
        kind("reorder-chunks", .any, []), kind("tool-error", .tool, []),
        kind("stream-truncated-no-terminator", .model, []),
        kind("lost-response-after-commit", .tool, []),
    ]

    private static func kind(
        _ id: String, _ target: FaultTarget, _ parameters: [ParameterSpec]
    ) -> FaultKind {
        FaultKind(
            id: id, summary: "The agent meets \(id).", layer: .status, target: target,
            signature: .loud, weight: 1, replaces: true, parameters: parameters,
            documentation: FaultDocumentation(wireForm: "x.", clients: "x.", robustAgent: "x."),
            apply: { _, _, _ in .fired })
    }

    static func parse(_ text: String) throws(ScenarioError) -> Scenario {
        try ScenarioFile.parse(text: text, file: "storm.yaml", catalogue: catalogue)
    }

    static func error(_ text: String) -> ScenarioError? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }
}
