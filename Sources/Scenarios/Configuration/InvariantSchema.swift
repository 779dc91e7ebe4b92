internal import Determinism
internal import Judgement

/// The schema of an invariant: one name with its arguments, and what all of them take.
enum InvariantSchema {
    static var any: JSONValue {
        let kinds = InvariantCatalogue.all
        return [
            "type": .string("object"), "additionalProperties": .bool(false),
            "properties": .object(
                kinds.map { JSONMember($0.name, value(of: $0)) } + common),
            "oneOf": .array(kinds.map { ["required": .array([.string($0.name)])] }),
        ]
    }

    private static let common: [JSONMember] = [
        JSONMember(
            "when",
            [
                "type": .string("string"),
                "description": .string(
                    "Judged only when this came to pass: always, no_fault, any_fault, "
                        + "model_fault, tool_fault, fault:ID, family:NAME."),
            ]),
        JSONMember(
            "negate",
            ["type": .string("boolean"), "description": .string("The rule must not hold.")]),
        JSONMember(
            "severity",
            ["enum": .array(Severity.allCases.map { .string($0.rawValue) })]),
        JSONMember(
            "label",
            ["type": .string("string"), "description": .string("A name of your own.")]),
    ]

    /// The arguments by name where they have names; a short form may be anything else.
    private static func value(of kind: InvariantKind) -> JSONValue {
        let summary = JSONMember("description", .string(kind.summary))
        let isFree = kind.parameters.isEmpty || kind.parameters.contains { $0.name.isEmpty }
        guard !isFree else { return .object([summary]) }
        let properties = kind.parameters.map { parameter in
            JSONMember(
                parameter.name,
                [
                    "description": .string(
                        "\(parameter.meaning) A value of this type: \(parameter.type)."
                            + (parameter.standard.map { " When absent: \($0)." } ?? ""))
                ])
        }
        return .object([
            summary,
            JSONMember(
                "anyOf",
                [
                    ["not": ["type": .string("object")]],
                    [
                        "type": .string("object"), "additionalProperties": .bool(false),
                        "properties": .object(properties),
                    ],
                ]),
        ])
    }
}
