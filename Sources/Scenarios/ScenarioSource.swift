/// A line of the source as it is shown, with what goes below it.
struct SourceExcerpt: Hashable, Sendable {
    let text: String
    let underline: String
}

/// The lines of a scenario.
struct ScenarioSource {
    private static let shownMax = 120
    private static let lead = 60

    /// What to do about an empty file.
    let emptyHint: String
    private let lines: [[Unicode.Scalar]]

    init(
        _ text: String, emptyHint: String = "'stormtape init' writes a scenario to begin with"
    ) {
        self.emptyHint = emptyHint
        // Line breaks as YAML has them: LF, CR LF, and CR alone.
        var lines: [[Unicode.Scalar]] = [[]]
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\n" && afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            if scalar == "\n" || scalar == "\r" {
                lines.append([])
            } else {
                lines[lines.count - 1].append(scalar)
            }
        }
        self.lines = lines
    }

    /// How many scalars a line has.
    func length(of line: Int) -> Int {
        lines.indices.contains(line - 1) ? lines[line - 1].count : 0
    }

    /// The place moved to the end of the text when it lies behind it.
    func clamped(_ diagnostic: ScenarioDiagnostic) -> ScenarioDiagnostic {
        guard diagnostic.line > lines.count else { return diagnostic }
        var clamped = diagnostic
        clamped.line = lines.count
        clamped.column = length(of: lines.count) + 1
        return clamped
    }

    func excerpt(for diagnostic: ScenarioDiagnostic) -> SourceExcerpt? {
        guard lines.indices.contains(diagnostic.line - 1) else { return nil }
        let line = lines[diagnostic.line - 1]
        let column = min(diagnostic.column - 1, line.count)
        // Of a very long line only the part around the place is shown.
        let start = line.count > Self.shownMax ? max(0, column - Self.lead) : 0
        let end = min(line.count, start + Self.shownMax)
        let shown = line[start..<end].map(Self.printable)
        let before = line[start..<column].map { $0 == "\t" ? "\t" : " " as Character }
        let length = max(1, min(diagnostic.length, end - column))
        return SourceExcerpt(
            text: String(String.UnicodeScalarView(shown)),
            underline: String(before) + String(repeating: "^", count: length))
    }

    /// Control characters are never sent to a terminal.
    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control where scalar != "\t", .format, .lineSeparator, .paragraphSeparator:
            "\u{FFFD}"
        default: scalar
        }
    }
}
