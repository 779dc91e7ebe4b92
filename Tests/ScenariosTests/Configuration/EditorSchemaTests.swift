import Determinism
import Judgement
import Scenarios
import Testing

@Suite("The schemas for editors")
struct EditorSchemaTests {
    private static let schema = EditorSchema(ConfigurationFixture.vocabulary)

    /// A text in which one map holds the key `nonsense`, and where the schema has that map.
    static let maps: [(String, String)] =
        [
            ("nonsense: 1", "/properties"),
            ("agent: { nonsense: 1 }", "/properties/agent/properties"),
            (
                "upstreams: { openai: { nonsense: 1 } }",
                "/properties/upstreams/additionalProperties/anyOf/2/properties"
            ),
            ("prompts: [{ nonsense: 1 }]", "/properties/prompts/items/anyOf/1/properties"),
            ("scenarios: [{ nonsense: 1 }]", "/properties/scenarios/items/anyOf/1/properties"),
            ("gates: { nonsense: 1 }", "/properties/gates/properties"),
            ("report: [{ nonsense: 1 }]", "/properties/report/items/properties"),
        ] + inPlace
    private static let body = "/properties/scenarios/items/anyOf/1/properties"
    private static let inPlace: [(String, String)] = [
        (
            "scenarios: [{ name: a, faults: [{ fault: rate-limit-429, nonsense: 1 }] }]",
            "/definitions/fault-rate-limit-429/properties"
        ),
        (
            "scenarios: [{ name: a, faults: [{ fault: tool-error, on: { nonsense: 1 } }] }]",
            "/definitions/fault-tool-error/properties/on/properties"
        ),
        (
            "scenarios: [{ name: a, stubs: [{ nonsense: 1, body: b }] }]",
            "\(body)/stubs/items/properties"
        ),
        (
            "scenarios: [{ name: a, normalise: [{ nonsense: 1 }] }]",
            "\(body)/normalise/items/properties"
        ),
    ]

    @Test("the keys of each map are those of the reader", arguments: maps)
    func keys(_ text: String, _ pointer: String) throws {
        let error = try #require(ConfigurationFixture.error("version: 1\n\(text)\n"))
        let unknown = try #require(
            error.diagnostics.first { $0.message == "unknown key 'nonsense'" })
        let read = try #require(unknown.allowed?.split(separator: ", ").map(String.init))
        let listed = try #require(
            Self.schema.configuration[pointer: pointer]?.objectValue?.map(\.key), "\(pointer)")
        #expect(read == listed)
    }

    @Test("the file of a scenario has the keys of the reader")
    func scenario() throws {
        let error = try #require(ScenarioFixture.error("scenario: a\nnonsense: 1\n"))
        let read = try #require(
            error.diagnostics.first?.allowed?.split(separator: ", ").map(String.init))
        #expect(Self.schema.scenario["properties"]?.objectValue?.map(\.key) == read)
    }

    @Test("the arguments of each invariant are those that its page names")
    func invariants() throws {
        let schema = Self.schema.configuration
        let properties = try #require(
            schema[pointer: "/definitions/invariant/properties"]?.objectValue)
        let common = ["when", "negate", "severity", "label"]
        #expect(properties.map(\.key) == InvariantCatalogue.names + common)
        for kind in InvariantCatalogue.all {
            let arguments =
                properties.first { $0.key == kind.name }?.value["anyOf"]?[1]?["properties"]
            guard let named = arguments?.objectValue else { continue }
            // The reader refuses what the schema does not list.
            let text = "scenario: a\ninvariants:\n  - \(kind.name): { nonsense: 1 }\n"
            let error = try #require(ScenarioFixture.error(text), "\(kind.name)")
            let message = error.description
            #expect(message.contains("nonsense"), "\(message)")
            for argument in named {
                #expect(message.contains("`\(argument.key)`"), "\(kind.name): \(argument.key)")
            }
        }
    }

    @Test("every reference leads to a definition")
    func references() throws {
        for document in [Self.schema.configuration, Self.schema.scenario] {
            let defined = Set(document["definitions"]?.objectValue?.map(\.key) ?? [])
            let referred = Self.references(in: document)
            #expect(!referred.isEmpty)
            for reference in referred {
                #expect(defined.contains(String(reference.dropFirst("#/definitions/".count))))
            }
        }
    }

    private static func references(in value: JSONValue) -> Set<String> {
        switch value {
        case .array(let items): Set(items.flatMap(references))
        case .object(let members):
            Set(
                members.flatMap { member in
                    member.key == "$ref"
                        ? [member.value.stringValue ?? ""] : references(in: member.value)
                })
        default: []
        }
    }
}
