import Determinism
import Faults

/// The catalogue as the page docs/FAULTS.md.
enum FaultDocument {
    static var text: String {
        (preface + [table] + FaultCatalogue.all.map(section)).joined(separator: "\n")
    }

    private static let preface = [
        "# The faults",
        "",
        "Written from the catalogue by `make goldens`; do not edit it by hand. How a scenario names",
        "and aims a fault: [SCENARIOS.md](SCENARIOS.md). In which order faults compose:",
        "[ARCHITECTURE.md](ARCHITECTURE.md#composition-of-faults).",
        "",
        "- **layer**: where it acts; layers are applied in the order connection, status, semantic,",
        "  stream, framing, timing.",
        "- **hits**: upstreams of kind model, of kind tool, or any.",
        "- **signature**: `loud`: the agent is told. `ambiguous`: the agent cannot know whether the",
        "  request was carried out. `quiet`: it looks like success.",
        "- **weight**: how hard it is to survive, 1 to 5.",
        "- **replaces**: it puts another answer in place of the recorded one; at most one such",
        "  fault fires on a delivery, and others are reported as `masked`.",
        "",
    ]

    private static var table: String {
        let head = """
            | fault | layer | hits | signature | weight | replaces |
            |---|---|---|---|---|---|

            """
        return head
            + FaultCatalogue.all.map { kind in
                "| [`\(kind.id)`](#\(kind.id)) | \(kind.layer) | \(kind.target.rawValue) "
                    + "| \(kind.signature.rawValue) | \(kind.weight) "
                    + "| \(kind.replaces ? "yes" : "no") |\n"
            }.joined()
    }

    private static func section(_ kind: FaultKind) -> String {
        let head = "## \(kind.id)\n\n\(kind.summary)\n"
        guard !kind.parameters.isEmpty else { return head }
        return head + """

            | parameter | values | default | |
            |---|---|---|---|

            """ + kind.parameters.map(row).joined()
    }

    private static func row(_ spec: ParameterSpec) -> String {
        "| `\(spec.name)` | \(values(spec.domain)) | \(defaultValue(spec.defaultValue)) "
            + "| \(spec.summary) |\n"
    }

    private static func values(_ domain: ParameterDomain) -> String {
        switch domain {
        // The bound of places is far above what an answer can have.
        case .integer(let range) where range.upperBound >= 1 << 40:
            "a whole number, at least \(range.lowerBound)"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        default: domain.allowed
        }
    }

    private static func defaultValue(_ value: ParameterDefault) -> String {
        switch value {
        case .fixed(let value): "`\(value.stringValue ?? value.encodedText())`"
        case .drawn: "drawn from the places that the answer has"
        }
    }
}
