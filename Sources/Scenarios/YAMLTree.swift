internal import Yams

/// Why a text is not the YAML that is accepted.
struct YAMLFailure: Error {
    let diagnostic: ScenarioDiagnostic
}

/// Reads YAML into nodes with places, inside limits, without tags or code.
struct YAMLTree {
    private static let bytesMax = 1 << 20
    private static let depthMax = 32
    private static let nodesMax = 20_000
    /// So few that no nesting of them can blow up before the nodes are counted.
    private static let aliasesMax = 16

    private let source: ScenarioSource
    private var nodeCount = 0

    private init(source: ScenarioSource) {
        self.source = source
    }

    static func parse(_ text: String, source: ScenarioSource) throws(YAMLFailure) -> YAMLNode {
        guard text.utf8.count <= bytesMax else {
            throw failure("the file is larger than \(bytesMax) bytes", nil)
        }
        let aliases = candidateAliasCount(in: text)
        guard aliases <= aliasesMax else {
            throw failure(
                "the file has \(aliases) aliases (*name); at most \(aliasesMax) are allowed", nil)
        }
        var tree = YAMLTree(source: source)
        let root: Node?
        do {
            root = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw YAMLFailure(diagnostic: error.diagnostic)
        } catch {
            throw failure("this is not YAML: \(error)", nil)
        }
        guard let root else {
            throw failure(
                "the file is empty; \(source.emptyHint)", nil)
        }
        return try tree.node(root, depth: 1)
    }

    private mutating func node(_ node: Node, depth: Int) throws(YAMLFailure) -> YAMLNode {
        nodeCount += 1
        guard nodeCount <= Self.nodesMax else {
            throw Self.failure("there are more than \(Self.nodesMax) values", node.mark)
        }
        guard depth <= Self.depthMax else {
            throw Self.failure("values are nested deeper than \(Self.depthMax) levels", node.mark)
        }
        try checkTag(of: node)
        switch node {
        case .scalar(let scalar):
            return YAMLNode(
                content: .scalar(text: scalar.string, isPlain: Self.isPlain(scalar)),
                place: place(of: node))
        case .sequence(let sequence):
            var elements: [YAMLNode] = []
            for element in sequence {
                elements.append(try self.node(element, depth: depth + 1))
            }
            return YAMLNode(content: .sequence(elements), place: place(of: node))
        case .mapping(let mapping):
            return YAMLNode(
                content: .mapping(try pairs(of: mapping, depth: depth)), place: place(of: node))
        case .alias:
            throw Self.failure("this alias is not defined", node.mark)
        }
    }

    private mutating func pairs(
        of mapping: Node.Mapping, depth: Int
    ) throws(YAMLFailure) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        for (key, value) in mapping {
            nodeCount += 1
            guard case .scalar(let scalar) = key else {
                throw Self.failure("a key must be a single word", key.mark)
            }
            guard scalar.string != "<<" else {
                throw Self.failure("merge keys (<<) are not allowed; write the keys out", key.mark)
            }
            try checkTag(of: key)
            pairs.append(
                YAMLNode.Pair(
                    key: scalar.string, keyPlace: place(of: key),
                    value: try node(value, depth: depth + 1)))
        }
        return pairs
    }

    /// Refuses tags, which name types and, in other tools, code, but for those that change nothing.
    private func checkTag(of node: Node) throws(YAMLFailure) {
        let (tag, kind): (String, String) =
            switch node {
            case .scalar(let scalar): (scalar.tag.description, "str")
            case .sequence(let sequence): (sequence.tag.description, "seq")
            case .mapping(let mapping): (mapping.tag.description, "map")
            case .alias: ("", "")
            }
        guard tag.isEmpty || tag == "tag:yaml.org,2002:\(kind)" else {
            throw Self.failure(
                "the tag '\(tag)' is not allowed; write the value plainly", node.mark)
        }
    }

    private func place(of node: Node) -> YAMLNode.Place {
        let (line, column) = (node.mark?.line ?? 1, node.mark?.column ?? 1)
        var length = 1
        if case .scalar(let scalar) = node {
            let quotes = scalar.style == .plain ? 0 : 2
            let rest = source.length(of: line) - column + 1
            length = max(1, min(scalar.string.unicodeScalars.count + quotes, rest))
        }
        return YAMLNode.Place(line: line, column: column, length: length)
    }

    private static func isPlain(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && scalar.tag.description.isEmpty
    }

    /// Counts what may be an alias, a `*name` at the begin of a word; text may count as well.
    private static func candidateAliasCount(in text: String) -> Int {
        var count = 0
        var previous = UInt8(ascii: " ")
        var starBegan = false
        for byte in text.utf8 {
            if starBegan, isName(byte) { count += 1 }
            starBegan = byte == UInt8(ascii: "*") && !isName(previous) && previous != 0x2F
            previous = byte
        }
        return count
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func failure(_ message: String, _ mark: Mark?) -> YAMLFailure {
        YAMLFailure(
            diagnostic: ScenarioDiagnostic(
                message: message, line: mark?.line ?? 1, column: mark?.column ?? 1, length: 1))
    }
}
