internal import Determinism

/// Rules about what the agent says.
enum OutputRules {
    static let all = [
        matches("output_matches", isWanted: true, "The output matches this regular expression."),
        matches(
            "output_not_matches", isWanted: false,
            "The output does not match this regular expression."),
        InvariantKind(
            "output_json", .output, summary: "The output is JSON.", example: "true"
        ) { (arguments) throws(InvariantError) in
            try arguments.isTrue()
            return IsJSON(schema: nil)
        },
        InvariantKind(
            "output_json_schema", .output, summary: "The output is JSON that fits this schema.",
            parameters: [InvariantParameter("", "JSON Schema", "The schema.")],
            example: #"{"type": "object", "required": ["answer"]}"#
        ) { (arguments) throws(InvariantError) in
            IsJSON(schema: try JSONSchema(arguments.value, at: arguments.path))
        },
    ]

    private static func matches(
        _ name: String, isWanted: Bool, _ summary: String
    ) -> InvariantKind {
        InvariantKind(
            name, .output, summary: summary,
            parameters: [InvariantParameter("", "regular expression", "The expression.")],
            example: #""refund(ed)?""#
        ) { (arguments) throws(InvariantError) in
            Matches(
                name: name, isWanted: isWanted,
                pattern: try Pattern(arguments.text(), at: arguments.path))
        }
    }

    struct Matches: InvariantRule {
        let name: String
        let isWanted: Bool
        let pattern: Pattern

        var id: String { "\(name) /\(pattern.text)/" }

        func check(_ conduct: Conduct) -> Finding {
            let isFound = conduct.outputs.contains {
                pattern.isFound(in: String(decoding: $0, as: UTF8.self))
            }
            let message =
                isFound ? "the output matches /\(pattern.text)/" : "no match of /\(pattern.text)/"
            return isFound == isWanted ? .holds(message) : .brokenAtEnd(message)
        }
    }

    struct IsJSON: InvariantRule {
        let schema: JSONSchema?

        var id: String { schema == nil ? "output_json" : "output_json_schema" }

        func check(_ conduct: Conduct) -> Finding {
            let findings = conduct.outputs.map(check)
            return findings.first { !$0.passed } ?? findings.first
                ?? .brokenAtEnd("there is no output")
        }

        private func check(_ output: [UInt8]) -> Finding {
            let value: JSONValue
            do {
                value = try JSONValue.parse(output)
            } catch {
                return .brokenAtEnd("the output is no JSON: \(error)")
            }
            guard let schema else { return .holds("the output is JSON") }
            let failures = schema.failures(of: value)
            guard !failures.isEmpty else { return .holds("the output fits the schema") }
            let shown = failures.prefix(3).map { "\($0.path): \($0.message)" }
            let more = failures.count > 3 ? "; and \(failures.count - 3) more" : ""
            return .brokenAtEnd("the output does not fit: " + shown.joined(separator: "; ") + more)
        }
    }
}
