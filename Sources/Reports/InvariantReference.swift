package import Determinism
package import Judgement

/// The catalogue of invariants as people and programs read it.
package enum InvariantReference {
    /// One line for each invariant, by what it looks at.
    package static var list: [String] {
        groups.flatMap { group in
            ["", title(group.group)] + group.kinds.map(line)
        }.dropFirst().map { $0 }
    }

    /// The page of one invariant.
    package static func page(_ kind: InvariantKind) -> [String] {
        let arguments = kind.parameters.map { parameter in
            "  \(shown(parameter)): \(parameter.type)"
                + (parameter.standard.map { ", \($0) unless given" } ?? "")
                + ". \(parameter.meaning)"
        }
        return [kind.name, "  \(kind.summary)"] + (arguments.isEmpty ? [] : [""] + arguments)
            + ["", "  example: \(kind.name): \(kind.example)"]
    }

    /// The whole catalogue, or some of it, as JSON.
    package static func json(_ kinds: [InvariantKind]) -> JSONValue {
        .array(kinds.map(json))
    }

    /// The page docs/INVARIANTS.md.
    package static var markdown: String {
        let sections = groups.map { group in
            "## \(title(group.group))\n\n" + group.kinds.map(section).joined(separator: "\n")
        }
        return preface.joined(separator: "\n") + "\n" + sections.joined(separator: "\n")
    }

    private struct Group {
        let group: InvariantGroup
        let kinds: [InvariantKind]
    }

    private static var groups: [Group] {
        InvariantGroup.allCases.map { group in
            Group(group: group, kinds: InvariantCatalogue.all.filter { $0.group == group })
        }.filter { !$0.kinds.isEmpty }
    }

    private static func title(_ group: InvariantGroup) -> String {
        switch group {
        case .end: "How the run ended"
        case .output: "What the agent says"
        case .tools: "Which tools it used, and how"
        case .retries: "How it deals with failures"
        case .budget: "What it used up"
        case .safety: "What must not get out or in"
        case .order: "The order of things"
        }
    }

    private static func line(_ kind: InvariantKind) -> String {
        let padding = String(repeating: " ", count: max(1, 28 - kind.name.count))
        return "  \(kind.name)\(padding)\(kind.summary)"
    }

    private static func shown(_ parameter: InvariantParameter) -> String {
        parameter.name.isEmpty ? "the value" : parameter.name
    }

    private static func json(_ kind: InvariantKind) -> JSONValue {
        [
            "name": .string(kind.name), "group": .string(kind.group.rawValue),
            "summary": .string(kind.summary),
            "parameters": .array(
                kind.parameters.map { parameter in
                    [
                        "name": .string(parameter.name), "type": .string(parameter.type),
                        "default": parameter.standard.map { .string($0) } ?? .null,
                        "meaning": .string(parameter.meaning),
                    ]
                }),
            "example": .string(kind.example),
        ]
    }

    private static let preface = [
        "# Invariants", "",
        "This page is written from the catalogue: `stormtape invariants` prints it, and a test holds",
        "the two together.", "",
        "An invariant is an item of `invariants:` in a scenario: its name with its arguments. Beside",
        "the name stand, for every one of them:", "",
        "| key | meaning |", "|---|---|",
        "| `when` | judged only when this came to pass, by the faults that really fired: `always`, "
            + "`no_fault`, `any_fault`, `model_fault`, `tool_fault`, `fault:ID`, `family:NAME` |",
        "| `negate` | `true`: the rule must not hold |",
        "| `severity` | `critical`, `high`, `medium` (the default) or `low` |",
        "| `label` | a name of your own, for reports |", "",
        "A rule is checked on the trace of the whole run. What breaks it is named by the exchanges",
        "that prove it; a rule that looks at nothing but the end and the output names none. A rule",
        "whose moment did not come, or that cannot be judged on a run, is reported as not judged: it",
        "counts neither for nor against the agent.", "",
    ]

    private static func section(_ kind: InvariantKind) -> String {
        var lines = ["### \(kind.name)", "", kind.summary, ""]
        if !kind.parameters.isEmpty {
            lines += ["| argument | type | default | meaning |", "|---|---|---|---|"]
            lines += kind.parameters.map { parameter in
                let name = parameter.name.isEmpty ? "(the value)" : "`\(parameter.name)`"
                return "| \(name) | \(parameter.type) | \(parameter.standard ?? "must be given") "
                    + "| \(parameter.meaning) |"
            }
            lines.append("")
        }
        return (lines + ["```yaml", "- \(kind.name): \(kind.example)", "```", ""])
            .joined(separator: "\n")
    }
}
