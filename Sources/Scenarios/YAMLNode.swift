internal import Determinism

/// A piece of a scenario with its place.
struct YAMLNode {
    /// Where a node begins, and how many scalars of that line belong to it.
    struct Place {
        var line: Int
        var column: Int
        var length: Int
    }

    struct Pair {
        let key: String
        let keyPlace: Place
        let value: YAMLNode
    }

    indirect enum Content {
        /// Plain scalars may be numbers, Booleans or null; quoted ones are texts.
        case scalar(text: String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Pair])
    }

    let content: Content
    let place: Place

    /// What the node is, in words.
    var kind: String {
        switch content {
        case .scalar: json.isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }

    /// The text of a scalar, whatever type it has; nil for null, lists and maps.
    var text: String? {
        guard case .scalar(let text, _) = content, !json.isNull else { return nil }
        return text
    }

    /// The node as JSON: plain scalars in the core schema of YAML 1.2, members in their order.
    var json: JSONValue {
        switch content {
        case .scalar(let text, true): YAMLNode.resolved(text)
        case .scalar(let text, false): .string(text)
        case .sequence(let elements): .array(elements.map(\.json))
        case .mapping(let pairs): .object(pairs.map { JSONMember($0.key, $0.value.json) })
        }
    }

    private static func resolved(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            guard let first = text.utf8.first,
                first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
                case .number(let digits)? = try? JSONValue.parse(text: text), digits == text
            else { return .string(text) }
            return .number(digits)
        }
    }
}
