package import Determinism
package import Simulation

/// What `verify` found: the same run twice, or the first event in which the two differ.
package enum DivergenceText {
    package static func render(
        first: Digest, second: Digest, divergence: Divergence?, style: TextStyle
    ) -> String {
        guard let divergence else {
            return style.paint("  ✓ the same run twice", .boldGreen) + "\n  digest  "
                + style.paint(first.hex, .cyan) + "\n"
        }
        var lines = [
            style.paint("  ✗ nondeterministic", .boldRed)
                + ": the same plan gave two different runs",
            "  they first differ in event \(divergence.index)", "",
        ]
        lines += side("first ", divergence.first, style)
        lines += side("second", divergence.second, style)
        let members = differences(divergence.first, divergence.second)
        if !members.isEmpty { lines.append("") }
        for member in members {
            lines.append("  " + style.paint(SafeText.line(member.name), .bold))
            lines.append("    first   " + shown(member.first, style))
            lines.append("    second  " + shown(member.second, style))
        }
        lines += ["", "  digests  \(first.hex)", "           \(second.hex)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func side(
        _ name: String, _ event: JSONValue?, _ style: TextStyle
    ) -> [String] {
        ["  " + style.paint(name, .dim) + "  " + shown(event, style)]
    }

    private static func shown(_ value: JSONValue?, _ style: TextStyle) -> String {
        guard let value else { return "(the run had ended)" }
        return SafeText.line(value.canonicalText()).shortened(to: style.width * 2)
    }

    /// The members in which two events differ, in order.
    private static func differences(
        _ left: JSONValue?, _ right: JSONValue?
    ) -> [(name: String, first: JSONValue, second: JSONValue)] {
        guard let mine = left?.objectValue, let theirs = right?.objectValue else { return [] }
        let names =
            mine.map(\.key) + theirs.map(\.key).filter { key in !mine.contains { $0.key == key } }
        return names.compactMap { name in
            let one = left?[name] ?? .null
            let other = right?[name] ?? .null
            return one.canonical() == other.canonical() ? nil : (name, one, other)
        }
    }
}
