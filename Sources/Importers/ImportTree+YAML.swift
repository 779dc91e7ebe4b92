import Cassette
import Yams

/// Reads YAML inside limits.
///
/// Tags only say how a text is encoded; nothing is ever constructed.
struct YAMLReader {
    private static let bytesMax = 32 << 20
    private static let depthMax = 64
    private static let nodesMax = 4_000_000
    /// So few that no nesting of them can blow up before the nodes are counted.
    private static let aliasesMax = 16

    private var nodeCount = 0

    static func read(_ text: String) throws(ImportError) -> ImportTree {
        guard text.utf8.count <= bytesMax else {
            throw ImportError(
                .tooLarge, "the YAML is larger than \(bytesMax) bytes; split the recording")
        }
        // A node needs a line or a comma, so these bound the memory that composing takes.
        let bound = text.utf8.count { $0 == 0x0A || $0 == UInt8(ascii: ",") }
        guard bound <= nodesMax else { throw tooManyNodes() }
        let aliases = AliasCount.of(text)
        guard aliases <= aliasesMax else {
            throw ImportError(
                .tooLarge,
                "the YAML has \(aliases) aliases (*name), which can unfold without end; at most "
                    + "\(aliasesMax) are allowed; save it without aliases, or as JSON")
        }
        let root: Node?
        do {
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw ImportError(.malformed, "this is not valid YAML: \(Self.words(error))")
        }
        guard let root else { throw ImportError(.malformed, "the file is empty") }
        var reader = YAMLReader()
        return try reader.tree(root, depth: 1)
    }

    private mutating func tree(_ node: Node, depth: Int) throws(ImportError) -> ImportTree {
        nodeCount += 1
        guard nodeCount <= Self.nodesMax else { throw Self.tooManyNodes() }
        guard depth <= Self.depthMax else {
            throw ImportError(
                .tooLarge, "values are nested deeper than \(Self.depthMax) levels\(Self.at(node))")
        }
        switch node {
        case .scalar(let scalar):
            return Self.scalar(scalar)
        case .sequence(let sequence):
            if let error = Self.refusal(sequence.tag.description) { return .refused(error) }
            var elements: [ImportTree] = []
            for element in sequence { elements.append(try tree(element, depth: depth + 1)) }
            return .list(elements)
        case .mapping(let mapping):
            if let error = Self.refusal(mapping.tag.description) { return .refused(error) }
            var pairs: [(key: String, value: ImportTree)] = []
            for (key, value) in mapping {
                // A key that is a list or a map is none of any recorder.
                guard case .scalar(let name) = key else { continue }
                pairs.append((name.string, try tree(value, depth: depth + 1)))
            }
            return .map(pairs)
        case .alias:
            throw ImportError(.malformed, "an alias is not defined\(Self.at(node))")
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> ImportTree {
        let tag = scalar.tag.description
        switch tag {
        case "":
            let isPlain = scalar.style == .plain
            return isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
                ? .null : .text(scalar.string, isPlain: isPlain)
        case "!binary", "tag:yaml.org,2002:binary", "tag:yaml.org,2002:python/bytes":
            return Base64.loose(scalar.string).map { .bytes($0) }
                ?? .refused(
                    ImportError(
                        .malformed,
                        "a value is marked as binary and is no base64; mend the recording"))
        default:
            if let error = refusal(tag) { return .refused(error) }
            let isText = tag.hasSuffix("str") || tag.hasSuffix("unicode") || tag == "!"
            return .text(scalar.string, isPlain: !isText && scalar.style == .plain)
        }
    }

    /// Tags of plain types; whatever else a tag names is never made.
    private static let harmless = [
        "!ruby/hash", "!ruby/array", "!ruby/sym", "!ruby/string", "!str",
    ]
    private static let pythonTypes = [
        "str", "unicode", "int", "long", "float", "bool", "none", "list", "tuple", "dict",
    ]

    private static func refusal(_ tag: String) -> ImportError? {
        if tag.isEmpty || tag == "!" { return nil }
        let yaml = "tag:yaml.org,2002:"
        if tag.hasPrefix(yaml + "python/") {
            if pythonTypes.contains(String(tag.dropFirst(yaml.count + 7))) { return nil }
        } else if tag.hasPrefix(yaml) {
            return nil
        } else if harmless.contains(where: { tag.hasPrefix($0) }) {
            return nil
        }
        return ImportError(
            .unsafeTag,
            "a value has the tag '\(tag.prefix(80))', which may name code and is not read; "
                + "record again with plain texts as bodies")
    }

    private static func at(_ node: Node) -> String {
        node.mark.map { " (line \($0.line), column \($0.column))" } ?? ""
    }

    private static func tooManyNodes() -> ImportError {
        ImportError(
            .tooLarge, "the YAML has more than \(nodesMax) values; split the recording")
    }

    private static func words(_ error: any Error) -> String {
        guard let error = error as? YamlError else { return "\(error)" }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "\(problem) (line \(mark.line), column \(mark.column))"
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0.prefix(40))'" }.joined(separator: ", ")
            return "the key \(names) is given twice in one map (line \(context.mark.line)); "
                + "which one holds is not known"
        case .reader(let problem, let offset, _, _):
            return offset.map { "\(problem) (character \($0))" } ?? problem
        default: return "it cannot be read"
        }
    }
}

/// Counts the aliases of a YAML text that an anchor before them may unfold.
///
/// Bodies are full of stars and ampersands; a pair counts only where both may stand in YAML and
/// have one name. Counting too many refuses a file; too few never happens.
enum AliasCount {
    static func of(_ text: String) -> Int {
        var anchors: Set<[UInt8]> = []
        var count = 0
        let bytes = Array(text.utf8)
        for (place, byte) in bytes.enumerated() {
            guard byte == UInt8(ascii: "*") || byte == UInt8(ascii: "&"),
                place == 0 || mayPrecede(bytes[place - 1])
            else { continue }
            let name = Array(bytes[(place + 1)...].prefix(64).prefix { isName($0) })
            guard !name.isEmpty else { continue }
            if byte == UInt8(ascii: "&") {
                anchors.insert(name)
            } else if anchors.contains(name) {
                count += 1
            }
        }
        return count
    }

    private static func mayPrecede(_ byte: UInt8) -> Bool {
        // The last three end the lines that Unicode adds.
        " \t\r\n,[{:".utf8.contains(byte) || [0x85, 0xA8, 0xA9].contains(byte)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: byte >= 0x80
        }
    }
}
