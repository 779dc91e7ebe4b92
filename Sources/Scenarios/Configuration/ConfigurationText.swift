package import Determinism

/// A configuration as text: one line for each value, with a comment behind it.
package enum ConfigurationText {
    /// A value with its key, whose parts are divided by points.
    package struct Line {
        package var key: String
        package var value: JSONValue
        /// What stands behind it; empty for nothing.
        package var comment: String

        package init(_ key: String, _ value: JSONValue, comment: String = "") {
            self.key = key
            self.value = value
            self.comment = comment
        }
    }

    private static let commentColumn = 44

    /// The text, in the order of the documentation; it is a configuration as it stands.
    package static func of(
        _ lines: [Line], _ vocabulary: ConfigurationVocabulary
    ) -> String {
        var text = "version: 1\n"
        for key in ConfigurationKeys.root(vocabulary).keys {
            if let line = lines.first(where: { $0.key == key.name }) {
                text += written(key.name, line, indent: "")
            }
            guard case .table(let table) = key.form else { continue }
            let inner = table.keys.compactMap { inner in
                lines.first { $0.key == "\(key.name).\(inner.name)" }
                    .map { written(inner.name, $0, indent: "  ") }
            }
            if !inner.isEmpty { text += "\(key.name):\n" + inner.joined() }
        }
        return text
    }

    private static func written(_ name: String, _ line: Line, indent: String) -> String {
        // A list of maps reads better with one on each line.
        if case .array(let items) = line.value, items.contains(where: isMap) {
            let head = commented("\(indent)\(name):", line.comment)
            return head + items.map { "\(indent)  - \(FlowText.of($0))\n" }.joined()
        }
        if case .object(let members) = line.value, !members.isEmpty {
            let head = commented("\(indent)\(name):", line.comment)
            return head
                + members.map {
                    "\(indent)  \(FlowText.of(.string($0.key))): \(FlowText.of($0.value))\n"
                }.joined()
        }
        return commented("\(indent)\(name): \(scalar(line.value))", line.comment)
    }

    private static func isMap(_ value: JSONValue) -> Bool { value.objectValue != nil }

    private static func commented(_ text: String, _ comment: String) -> String {
        guard !comment.isEmpty else { return text + "\n" }
        let space = String(repeating: " ", count: max(2, commentColumn - text.count))
        return "\(text)\(space)# \(comment)\n"
    }

    /// Plain where a plain word is read as the same text.
    private static func scalar(_ value: JSONValue) -> String {
        guard case .string(let text) = value, text.utf8.first.map(isLetter) == true,
            text.utf8.allSatisfy({ isLetter($0) || "_-./0123456789".utf8.contains($0) }),
            !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
                .contains(text.lowercased())
        else { return FlowText.of(value) }
        return text
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
