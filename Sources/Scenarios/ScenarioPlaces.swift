package import Determinism
internal import Faults

/// Where the parts of a scenario stand in its file, for reports that point to a line.
package enum ScenarioPlaces {
    /// An invariant as the plan has it, with its place.
    package struct Invariant: Hashable, Sendable {
        package let source: JSONValue
        /// The line, from 1.
        package let line: Int
        /// The column, from 1.
        package let column: Int
    }

    /// The invariants of a scenario that is sound; none for any other text.
    package static func invariants(in text: String) -> [Invariant] {
        guard let root = try? YAMLTree.parse(text, source: ScenarioSource(text)),
            case .mapping(let pairs) = root.content,
            let pair = pairs.first(where: { $0.key == "invariants" }),
            case .sequence(let elements) = pair.value.content
        else { return [] }
        return elements.map { node in
            Invariant(
                source: node.json.membersSorted, line: node.place.line, column: node.place.column)
        }
    }
}
