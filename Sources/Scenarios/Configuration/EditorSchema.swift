package import Determinism
internal import Faults
internal import Judgement

/// JSON Schemas (draft 7) of the files that people write, for their editors.
///
/// They are made of the tables by which the files are read. The reader knows more than a schema
/// can say, so that a file may fit the schema and still be refused; never the other way round.
package struct EditorSchema: Sendable {
    private let vocabulary: ConfigurationVocabulary

    package init(_ vocabulary: ConfigurationVocabulary) {
        self.vocabulary = vocabulary
    }

    /// The schema of a scenario's file.
    package var scenario: JSONValue {
        document("A scenario of stormtape", ScenarioKeys.root, faultDefinitions)
    }

    /// The schema of `stormtape.yaml`.
    package var configuration: JSONValue {
        document(
            "The configuration of stormtape", ConfigurationKeys.root(vocabulary),
            faultDefinitions + [
                JSONMember(
                    "mutation",
                    ["enum": .array(vocabulary.mutations.map { .string($0) })])
            ])
    }

    private func document(
        _ title: String, _ table: KeyTable, _ definitions: [JSONMember]
    ) -> JSONValue {
        let head: [JSONMember] = [
            JSONMember("$schema", .string("http://json-schema.org/draft-07/schema#")),
            JSONMember("title", .string(title)),
        ]
        return .object(
            head + members(of: table) + [JSONMember("definitions", .object(definitions))])
    }

    // MARK: Tables

    /// A map with these keys and no others.
    private func members(of table: KeyTable, also: [JSONMember] = []) -> [JSONMember] {
        let required = table.keys.filter(\.isRequired).map(\.name)
        var members: [JSONMember] = [
            JSONMember("type", .string("object")),
            JSONMember("description", .string(table.summary)),
            JSONMember("additionalProperties", .bool(false)),
            JSONMember(
                "properties",
                .object(table.keys.map { JSONMember($0.name, value(of: $0)) } + also)),
        ]
        if !required.isEmpty {
            members.append(JSONMember("required", .array(required.map { .string($0) })))
        }
        return members
    }

    private func value(of key: KeySpec) -> JSONValue {
        let summary =
            key.summary + (key.standard.map { " When absent: \($0)." } ?? "")
        // Beside a reference, draft 7 reads nothing else.
        if case .reference = key.form {
            return ["description": .string(summary), "allOf": .array([form(key.form)])]
        }
        var value = form(key.form)
        value["description"] = .string(summary)
        return value
    }

    private func form(_ form: ValueForm) -> JSONValue {
        switch form {
        case .text:
            return ["type": Self.scalars, "minLength": .int(1)]
        case .anyText: return ["type": Self.scalars]
        case .anything: return .object([])
        case .boolean: return ["type": .string("boolean")]
        case .whole(let range): return Self.whole(range)
        case .number(let most):
            return [
                "type": .string("number"), "exclusiveMinimum": .int(0), "maximum": .int(most),
            ]
        case .words(let words): return ["enum": .array(words.map { .string($0) })]
        case .share:
            return [
                "type": .array([.string("string"), .string("number")]),
                "pattern": .string("^[0-9]+(\\.[0-9]+)?%?$|^[0-9]+/[0-9]+$"),
                "minimum": .int(0), "maximum": .int(1),
            ]
        case .seed, .seeds:
            return [
                "type": .array([.string("string"), .string("integer")]), "minimum": .int(0),
            ]
        case .route: return ["type": .string("string"), "pattern": .string("^([A-Z*]+ )?/")]
        case .list(let element):
            return ["type": .string("array"), "items": self.form(element)]
        case .map(let element):
            return ["type": .string("object"), "additionalProperties": self.form(element)]
        case .table(let table): return .object(members(of: table))
        case .reference(let name): return ["$ref": .string("#/definitions/\(name)")]
        case .either(let forms): return ["anyOf": .array(forms.map { self.form($0) })]
        case .nothing: return ["type": .string("null")]
        }
    }

    /// A plain value is a text to the reader, whatever YAML makes of it.
    private static let scalars: JSONValue = [
        .string("string"), .string("number"), .string("boolean"),
    ]

    private static func whole(_ range: ClosedRange<Int64>) -> JSONValue {
        var whole: JSONValue = ["type": .string("integer")]
        if range.lowerBound != .min { whole["minimum"] = .int(range.lowerBound) }
        if range.upperBound != .max { whole["maximum"] = .int(range.upperBound) }
        return whole
    }
}

// MARK: Faults

extension EditorSchema {
    private var faultDefinitions: [JSONMember] {
        let kinds = vocabulary.faults
        let identifiers: JSONValue = .array(kinds.map { .string($0.id) })
        let choice: [JSONValue] = kinds.map { kind in
            [
                "if": ["properties": ["fault": ["const": .string(kind.id)]]],
                "then": ["$ref": .string("#/definitions/fault-\(kind.id)")],
            ]
        }
        return [
            JSONMember("fault-id", ["enum": identifiers]),
            JSONMember(
                "fault",
                [
                    "type": .string("object"), "required": .array([.string("fault")]),
                    "properties": ["fault": ["$ref": .string("#/definitions/fault-id")]],
                    "allOf": .array(choice),
                ]),
            JSONMember("invariant", InvariantSchema.any),
        ] + kinds.map { JSONMember("fault-\($0.id)", definition(of: $0)) }
    }

    /// An entry of one kind: its parameters beside what all entries have.
    private func definition(of kind: FaultKind) -> JSONValue {
        let own = ScenarioKeys.entry.names
        let parameters = kind.parameters.filter { !own.contains($0.name) }
        var definition = JSONValue.object(
            members(
                of: ScenarioKeys.entry,
                also: parameters.map { JSONMember($0.name, value(of: $0)) }))
        definition["description"] = .string(kind.summary)
        return definition
    }

    private func value(of spec: ParameterSpec) -> JSONValue {
        var forms: [JSONValue] = []
        switch spec.domain {
        case .integer(let range):
            forms.append(Self.whole(range))
            forms.append(form(.table(ScenarioKeys.range)))
            if !spec.words.isEmpty { forms.append(form(.words(spec.words.map(\.rawValue)))) }
        case .choice(let words):
            // A word that looks like a number is that word.
            let numbers = words.filter { JSONValue.int(Int64($0) ?? -1).numberText == $0 }
            forms.append(
                [
                    "enum": .array(
                        words.map { .string($0) } + numbers.map { .number($0) })
                ])
        case .text: forms.append(form(.anyText))
        }
        let value: JSONValue = forms.count == 1 ? forms[0] : ["anyOf": .array(forms)]
        var described = value
        described["description"] = .string(spec.summary)
        return described
    }
}
