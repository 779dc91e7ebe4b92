import Cassette
import Determinism

/// A value of a recording in YAML or JSON, without any type of a programming language.
enum ImportTree: Sendable {
    case null
    /// A text; one that was written without quotes may also be a number or a truth value.
    case text(String, isPlain: Bool)
    case bytes([UInt8])
    case list([ImportTree])
    case map([(key: String, value: ImportTree)])
    /// A value that is not read, and why.
    case refused(ImportError)

    /// Takes over a JSON document.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .text(value ? "true" : "false", isPlain: true)
        case .number(let text): self = .text(text, isPlain: true)
        case .string(let text): self = .text(text, isPlain: false)
        case .array(let elements): self = .list(elements.map { ImportTree($0) })
        case .object(let members):
            self = .map(members.map { ($0.key, ImportTree($0.value)) })
        }
    }

    /// The first value with a key.
    subscript(key: String) -> ImportTree? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    /// The value below several keys.
    subscript(path keys: String...) -> ImportTree? {
        keys.reduce(Optional(self)) { $0?[$1] }
    }

    var isNull: Bool {
        if case .null = self { true } else { false }
    }

    var list: [ImportTree]? {
        if case .list(let elements) = self { elements } else { nil }
    }

    var string: String? {
        switch self {
        case .text(let text, _): text
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    var int: Int? {
        string.flatMap { Int($0) }
    }

    var double: Double? {
        string.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The bytes of a body; nil where there is none.
    func body() throws(ImportError) -> [UInt8]? {
        switch self {
        case .null: return nil
        case .text(let text, _): return Array(text.utf8)
        case .bytes(let bytes): return bytes
        case .refused(let error): throw error
        case .list, .map:
            throw ImportError(
                .malformed, "a body is a text or binary; this one is a list or a map")
        }
    }

    /// The bytes of a body that is wrapped in a map, as text or as base64; or as it is.
    func wrappedBody() throws(ImportError) -> [UInt8] {
        guard let digits = try self["base64_string"]?.body() else {
            return try (self["string"] ?? self).body() ?? []
        }
        guard let bytes = Base64.loose(String(decoding: digits, as: UTF8.self)) else {
            throw ImportError(
                .malformed, "the 'base64_string' of a body is no base64; mend the recording")
        }
        return bytes
    }

    /// The value as JSON, for bodies that a source keeps parsed.
    func json() throws(ImportError) -> JSONValue {
        switch self {
        case .null: return .null
        case .text(let text, let isPlain): return Self.json(text, isPlain: isPlain)
        case .bytes(let bytes): return .string(String(decoding: bytes, as: UTF8.self))
        case .list(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.json()) }
            return .array(values)
        case .map(let pairs):
            var members: [JSONMember] = []
            for pair in pairs { members.append(JSONMember(pair.key, try pair.value.json())) }
            return .object(members)
        case .refused(let error): throw error
        }
    }

    private static func json(_ text: String, isPlain: Bool) -> JSONValue {
        guard isPlain else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default:
            guard let value = try? JSONValue.parse(text: text), value.numberText != nil else {
                return .string(text)
            }
            return value
        }
    }

    /// Header lines: names with one value or a list of them.
    func headers() throws(ImportError) -> HeaderFields {
        guard case .map(let pairs) = self else { return [] }
        var headers: HeaderFields = []
        for (name, value) in pairs {
            if case .refused(let error) = value { throw error }
            for line in value.list ?? [value] {
                if case .refused(let error) = line { throw error }
                // What is no text, such as an empty value, is an empty line.
                headers.append(name, trimmed(line.string ?? ""))
            }
        }
        return headers
    }
}

extension Base64 {
    /// The bytes of an encoding that may be broken into lines; nil for anything else.
    static func loose(_ text: String) -> [UInt8]? {
        let digits = text.utf8.filter { !" \t\r\n".utf8.contains($0) }
        return decode(String(decoding: digits, as: UTF8.self))
    }
}

/// The text without white space at its ends.
func trimmed(_ text: String) -> String {
    let isSpace = { (character: Character) in
        character == " " || character == "\t" || character.isNewline
    }
    guard let start = text.firstIndex(where: { !isSpace($0) }),
        let end = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(text[start...end])
}
