internal import Determinism

extension JSONSchema {
    /// Reads a schema: an object of keywords, or `true` or `false`.
    init(_ value: JSONValue, at path: String) throws(InvariantError) {
        if let allowed = value.boolValue {
            keywords = allowed ? [] : [.nothing]
            return
        }
        guard let members = value.objectValue else {
            throw InvariantError(.wrongValue, at: path, "expected a schema: an object")
        }
        let declared = value["properties"]?.objectValue?.map(\.key) ?? []
        var keywords: [Keyword] = []
        for member in members where !JSONSchema.annotationNames.contains(member.key) {
            let reader = SchemaReader(value: member.value, path: "\(path).\(member.key)")
            keywords.append(try reader.keyword(member.key, declared: declared))
        }
        self.keywords = keywords
    }
}

/// Reads the value of one keyword.
private struct SchemaReader {
    let value: JSONValue
    let path: String

    func keyword(_ name: String, declared: [String]) throws(InvariantError) -> JSONSchema.Keyword {
        if let bound = JSONSchema.Bound(rawValue: name) { return try self.bound(bound) }
        if let size = JSONSchema.Size(rawValue: name) { return .size(size, try count()) }
        switch name {
        case "type": return .type(try types())
        case "properties": return .properties(try properties())
        case "required": return .required(try names())
        case "enum": return .oneOf(try elements())
        case "items": return .items(try JSONSchema(value, at: path))
        case "additionalProperties":
            return .additional(besides: declared, try JSONSchema(value, at: path))
        case "const": return .const(value)
        case "pattern": return .pattern(try Pattern(text(), at: path))
        default:
            throw InvariantError(
                .unknownKeyword, at: path,
                unknownMessage("keyword", name, allowed: JSONSchema.keywordNames))
        }
    }

    private func wrong(_ expected: String) -> InvariantError {
        InvariantError(.wrongValue, at: path, "expected \(expected)")
    }

    private func text() throws(InvariantError) -> String {
        guard let text = value.stringValue else { throw wrong("a text") }
        return text
    }

    private func count() throws(InvariantError) -> Int {
        guard let number = value.intValue, number >= 0 else {
            throw wrong("a whole number from 0")
        }
        return Int(number)
    }

    private func bound(_ bound: JSONSchema.Bound) throws(InvariantError) -> JSONSchema.Keyword {
        guard let text = value.numberText, let number = DecimalNumber(text) else {
            throw wrong("a number")
        }
        return .bound(bound, number, text: text)
    }

    private func types() throws(InvariantError) -> [String] {
        let names = value.stringValue.map { [$0] } ?? value.arrayValue?.map { $0.stringValue ?? "" }
        guard let names, !names.isEmpty else { throw wrong("the name of a type or a list of them") }
        for name in names where !JSONSchema.typeNames.contains(name) {
            throw InvariantError(
                .wrongValue, at: path,
                unknownMessage("type", name, allowed: JSONSchema.typeNames))
        }
        return names
    }

    private func properties() throws(InvariantError) -> [JSONSchema.Property] {
        guard let members = value.objectValue else { throw wrong("an object of schemas") }
        var properties: [JSONSchema.Property] = []
        for member in members {
            properties.append(
                JSONSchema.Property(
                    name: member.key,
                    schema: try JSONSchema(member.value, at: "\(path).\(member.key)")))
        }
        return properties
    }

    private func names() throws(InvariantError) -> [String] {
        guard let names = value.arrayValue?.map(\.stringValue), !names.contains(nil) else {
            throw wrong("a list of names")
        }
        return names.compactMap { $0 }
    }

    private func elements() throws(InvariantError) -> [JSONValue] {
        guard let elements = value.arrayValue, !elements.isEmpty else {
            throw wrong("a list of values that is not empty")
        }
        return elements
    }
}
