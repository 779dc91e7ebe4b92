internal import Determinism
internal import Faults

/// Reads values out of YAML nodes and collects everything that is wrong.
struct ScenarioReader {
    /// The members of a map whose keys are all known.
    struct Members {
        let node: YAMLNode
        let pairs: [YAMLNode.Pair]

        func pair(_ key: String) -> YAMLNode.Pair? { pairs.first { $0.key == key } }
        subscript(key: String) -> YAMLNode? { pair(key)?.value }
    }

    let catalogue: [FaultKind]
    private(set) var diagnostics: [ScenarioDiagnostic] = []

    init(catalogue: [FaultKind]) {
        self.catalogue = catalogue
    }

    mutating func fail(
        _ message: String, at place: YAMLNode.Place, hint: String? = nil, allowed: String? = nil
    ) {
        diagnostics.append(
            ScenarioDiagnostic(
                message: message, line: place.line, column: place.column, length: place.length,
                hint: hint, allowed: allowed))
    }

    /// The members of a map; keys beside `keys` are reported and left out.
    mutating func members(_ node: YAMLNode, of what: String, keys: [String]) -> Members? {
        guard case .mapping(let pairs) = node.content else {
            fail(
                "\(what) must be a map, was \(node.kind)", at: node.place,
                allowed: keys.joined(separator: ", "))
            return nil
        }
        let known = pairs.filter { pair in
            if keys.contains(pair.key) { return true }
            fail(
                "unknown key '\(pair.key)'", at: pair.keyPlace,
                hint: Suggestion.question(for: pair.key, in: keys),
                allowed: keys.joined(separator: ", "))
            return false
        }
        return Members(node: node, pairs: known)
    }

    /// The elements of a list; an absent list is empty.
    mutating func list(_ pair: YAMLNode.Pair?) -> [YAMLNode] {
        guard let pair else { return [] }
        guard case .sequence(let elements) = pair.value.content else {
            fail(
                "'\(pair.key)' must be a list, was \(pair.value.kind)", at: pair.value.place,
                hint: "begin each entry with '- '")
            return []
        }
        return elements
    }

    /// A text of at least one character; nil when it is absent or wrong.
    mutating func text(_ pair: YAMLNode.Pair?) -> String? {
        guard let pair else { return nil }
        guard let text = pair.value.text, !text.isEmpty else {
            fail(
                "'\(pair.key)' must be a text, was \(pair.value.kind)", at: pair.value.place)
            return nil
        }
        return text
    }

    /// A whole number of a range.
    mutating func whole(_ pair: YAMLNode.Pair?, in range: ClosedRange<Int64>) -> Int64? {
        guard let pair else { return nil }
        guard let number = pair.value.json.intValue, range.contains(number) else {
            let limit = range.upperBound == .max ? "" : " and at most \(range.upperBound)"
            fail(
                "'\(pair.key)' must be a whole number of at least \(range.lowerBound)\(limit)",
                at: pair.value.place)
            return nil
        }
        return number
    }

    mutating func whole(_ pair: YAMLNode.Pair?, from least: Int) -> Int? {
        whole(pair, in: Int64(least)...Int64(Int32.max)).map { Int($0) }
    }

    mutating func boolean(_ pair: YAMLNode.Pair?) -> Bool? {
        guard let pair else { return nil }
        guard let flag = pair.value.json.boolValue else {
            fail("'\(pair.key)' must be true or false", at: pair.value.place)
            return nil
        }
        return flag
    }

    /// One of the words of an enumeration.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ pair: YAMLNode.Pair?, as type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let pair else { return nil }
        let words = Word.allCases.map(\.rawValue)
        guard let word = pair.value.text.flatMap({ Word(rawValue: $0) }) else {
            fail(
                "'\(pair.key)' must be one of these words", at: pair.value.place,
                hint: pair.value.text.flatMap { Suggestion.question(for: $0, in: words) },
                allowed: words.joined(separator: ", "))
            return nil
        }
        return word
    }

    /// A route such as `POST /orders/*`, whose method may be absent.
    mutating func route(_ pair: YAMLNode.Pair?) -> String? {
        guard let pair, let text = text(pair) else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let isMethodSound =
            parts.count < 2
            || parts[0].utf8.allSatisfy { byte in
                (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "*")
            }
        guard parts.count <= 2, let path = parts.last, path.hasPrefix("/"), isMethodSound else {
            fail(
                "'\(pair.key)' must be a route", at: pair.value.place,
                allowed: "a method in upper case and a path, as POST /orders/*, "
                    + "in which * stands for one segment")
            return nil
        }
        return text
    }

    /// Reports a member that must be there.
    mutating func require(_ key: String, in members: Members, of what: String) {
        let isPresent = members.pairs.contains { $0.key == key }
        if !isPresent { fail("\(what) needs the key '\(key)'", at: members.node.place) }
    }
}
