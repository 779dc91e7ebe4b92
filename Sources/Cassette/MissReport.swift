public import Determinism

/// Why a request was not found on the tape, in words that lead to the cause.
public struct MissReport: Hashable, Sendable {
    /// The upstream that was asked.
    public var upstream: String
    /// Method and path.
    public var route: String
    /// How many recorded answers of an equal request were already given.
    public var played: Int
    /// The nearest recorded request; absent when the upstream has none on this route.
    public var nearest: Int?
    /// Where the first difference to the nearest is; a JSON path.
    public var path: String?
    /// What was asked there; absent when there was nothing.
    public var asked: JSONValue?
    /// What the tape holds there; absent when there is nothing.
    public var recorded: JSONValue?
    /// What may explain it, where something is known; nil for most.
    public var hint: String?

    /// The report as lines of text, without the command to run next.
    public var lines: [String] {
        var lines = ["off-tape: \(upstream) was asked \(route), which is not on the tape"]
        if played > 0 {
            lines.append("  an equal request is recorded; already played \(played) of \(played)")
            return lines
        }
        guard let nearest else {
            lines.append("  the cassette holds no request to this route of \(upstream)")
            return lines
        }
        lines.append("  nearest: interaction \(nearest)")
        if let path { lines.append("  first difference: \(path)") }
        lines.append("    asked:    \(MissReport.show(asked))")
        lines.append("    recorded: \(MissReport.show(recorded))")
        if let hint { lines.append("  \(hint)") }
        return lines
    }

    private static func show(_ value: JSONValue?) -> String {
        guard let value else { return "(absent)" }
        let text = value.canonicalText()
        return text.count > 240 ? text.prefix(240) + "… (\(text.utf8.count) bytes)" : text
    }
}
