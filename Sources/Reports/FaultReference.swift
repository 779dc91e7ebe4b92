package import Determinism
package import Faults

/// The catalogue of faults as people and programs read it.
package enum FaultReference {
    /// One line for each fault, by family.
    package static var list: [String] {
        FaultCatalogue.families.filter { !$0.kinds.isEmpty }.flatMap { family in
            ["", "\(family.name): \(family.title)"] + family.kinds.map(line)
        }.dropFirst().map { $0 }
    }

    /// The page of one fault.
    package static func page(_ kind: FaultKind) -> [String] {
        let family = FaultCatalogue.family(of: kind)?.name ?? ""
        let head = [
            kind.id, "  \(kind.summary)",
            "  \(family) · layer \(kind.layer) · hits \(kind.target.rawValue) · "
                + "\(kind.signature.rawValue) · weight \(kind.weight)"
                + replacing(kind, always: " · replaces the answer") {
                    " · replaces the answer as \($0)"
                } + (kind.needsHTTP ? " · over HTTP only" : ""),
        ]
        let parameters = kind.parameters.map { spec in
            "  \(spec.name): \(spec.allowed); \(initial(spec)). \(spec.summary)"
        }
        let page = kind.documentation
        let evidence = page.evidence.isEmpty ? "inferred" : page.evidence.joined(separator: ", ")
        let known = [
            ("on the wire", page.wireForm), ("clients", page.clients),
            ("a robust agent", page.robustAgent), ("evidence", evidence),
        ]
        return head + (parameters.isEmpty ? [] : [""] + parameters) + [""]
            + known.flatMap { title, text in wrapped("\(title): \(text)") }
    }

    /// The whole catalogue, or some of it, as JSON.
    package static func json(_ kinds: [FaultKind]) -> JSONValue {
        .array(kinds.map(json))
    }

    /// The page docs/FAULTS.md.
    package static var markdown: String {
        let sections = FaultCatalogue.families.filter { !$0.kinds.isEmpty }.map { family in
            "## \(family.title)\n\n" + table(family) + "\n"
                + family.kinds.map(section).joined(separator: "\n")
        }
        return (preface + [sections.joined(separator: "\n")]).joined(separator: "\n")
    }

    private static func line(_ kind: FaultKind) -> String {
        let padding = String(repeating: " ", count: max(1, 34 - kind.id.count))
        return "  \(kind.id)\(padding)W\(kind.weight)  \(kind.summary)"
    }

    private static func initial(_ spec: ParameterSpec) -> String {
        switch spec.defaultValue {
        case .fixed(let value): "\(value.canonicalText()) unless given"
        case .drawn: "drawn by the seed unless given"
        }
    }

    /// A paragraph in lines of at most 96 characters, indented; long words stay whole.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = " "
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            if line.count + word.count + 1 > 98, line != " " {
                lines.append(line)
                line = "   "
            }
            line += " " + word
        }
        return lines + [line]
    }

    private static func json(_ kind: FaultKind) -> JSONValue {
        let page = kind.documentation
        return [
            "id": .string(kind.id),
            "family": .string(FaultCatalogue.family(of: kind)?.name ?? ""),
            "summary": .string(kind.summary),
            "layer": .string("\(kind.layer)"),
            "hits": .string(kind.target.rawValue),
            "signature": .string(kind.signature.rawValue),
            "weight": .int(Int64(kind.weight)),
            "replaces": .bool(kind.replaces), "needs_http": .bool(kind.needsHTTP),
            "replacing_variants": .array(kind.replacingVariants.map { .string($0) }),
            "parameters": .array(
                kind.parameters.map { spec in
                    [
                        "name": .string(spec.name), "allowed": .string(spec.allowed),
                        "initial": .string(initial(spec)), "summary": .string(spec.summary),
                    ]
                }),
            "wire_form": .string(page.wireForm),
            "clients": .string(page.clients),
            "robust_agent": .string(page.robustAgent),
            "evidence": .array(page.evidence.map { .string($0) }),
        ]
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
        "- What clients do was read in the sources of the SDKs, or seen; where nothing is named as",
        "  evidence it is inferred. What the official SDKs did in our own runs:",
        "  [SDK-MATRIX.md](SDK-MATRIX.md).",
        "",
    ]

    private static func table(_ family: FaultFamily) -> String {
        let head = """
            | fault | layer | hits | signature | weight | replaces |
            |---|---|---|---|---|---|

            """
        return head
            + family.kinds.map { kind in
                "| [`\(kind.id)`](#\(kind.id)) | \(kind.layer) | \(kind.target.rawValue) "
                    + "| \(kind.signature.rawValue) | \(kind.weight) "
                    + "| \(replacing(kind, always: "yes", never: "no") { "as \($0)" }) |\n"
            }.joined()
    }

    /// Whether it puts another answer in place of the recorded one: always, as some of its variants,
    /// or never.
    private static func replacing(
        _ kind: FaultKind, always: String, never: String = "", as variant: (String) -> String
    ) -> String {
        if kind.replaces { return always }
        guard !kind.replacingVariants.isEmpty else { return never }
        return variant(kind.replacingVariants.map { "`\($0)`" }.joined(separator: ", "))
    }

    private static func section(_ kind: FaultKind) -> String {
        let page = kind.documentation
        let evidence = page.evidence.isEmpty ? "inferred" : page.evidence.joined(separator: ", ")
        let known = """

            - **On the wire**: \(cell(page.wireForm))
            - **Clients**: \(cell(page.clients))
            - **A robust agent**: \(cell(page.robustAgent))
            - **Evidence**: \(cell(evidence))

            """
        let head = "### \(kind.id)\n\n\(kind.summary)\n"
        guard !kind.parameters.isEmpty else { return head + known }
        return head + """

            | parameter | values | default | |
            |---|---|---|---|

            """ + kind.parameters.map(row).joined() + known
    }

    private static func row(_ spec: ParameterSpec) -> String {
        "| `\(spec.name)` | \(values(spec)) | \(defaultValue(spec.defaultValue)) "
            + "| \(cell(spec.summary)) |\n"
    }

    /// The values of a parameter, and the words that stand for some of them.
    private static func values(_ spec: ParameterSpec) -> String {
        values(spec.domain) + spec.words.map { ", `\($0.rawValue)`" }.joined()
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
        case .fixed(let value): "`\(cell(value.stringValue ?? value.encodedText()))`"
        case .drawn: "drawn from the places that the answer has"
        }
    }

    /// A text that neither ends a cell of a table nor becomes an element of HTML.
    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("\n", with: " ")
    }
}
