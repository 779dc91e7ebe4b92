internal import Determinism

/// The part of JSON Schema that says what an output looks like.
///
/// Keywords: type, properties, required, enum, items, additionalProperties, const, pattern,
/// minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems,
/// maxItems; `$schema`, title, description and `$comment` are passed over. Any other keyword is
/// an error, so that no rule is silently not checked.
struct JSONSchema: Hashable, Sendable {
    enum Bound: String, Hashable, Sendable, CaseIterable {
        case minimum
        case maximum
        case exclusiveMinimum
        case exclusiveMaximum
    }

    enum Size: String, Hashable, Sendable, CaseIterable {
        case minLength
        case maxLength
        case minItems
        case maxItems
    }

    struct Property: Hashable, Sendable {
        let name: String
        let schema: JSONSchema
    }

    indirect enum Keyword: Hashable, Sendable {
        case nothing
        case type([String])
        case properties([Property])
        case required([String])
        case oneOf([JSONValue])
        case items(JSONSchema)
        case additional(besides: [String], JSONSchema)
        case const(JSONValue)
        case pattern(Pattern)
        case bound(Bound, DecimalNumber, text: String)
        case size(Size, Int)
    }

    struct Failure: Hashable, Sendable {
        let path: String
        let message: String
    }

    static let keywordNames =
        ["type", "properties", "required", "enum", "items", "additionalProperties", "const"]
        + ["pattern"] + Bound.allCases.map(\.rawValue) + Size.allCases.map(\.rawValue)
    static let annotationNames = ["$schema", "title", "description", "$comment"]
    static let typeNames = ["null", "boolean", "object", "array", "number", "integer", "string"]

    let keywords: [Keyword]
}
