/// One thing that is wrong in a scenario, with its place.
package struct ScenarioDiagnostic: Hashable, Sendable {
    /// What is wrong.
    package var message: String
    /// The line, from 1.
    package var line: Int
    /// The column, from 1, counted in Unicode scalars.
    package var column: Int
    /// How many Unicode scalars are meant, at least 1.
    package var length: Int
    /// What was probably meant; it stands beside the caret.
    package var hint: String?
    /// What is allowed; it stands below.
    package var allowed: String?
}

/// All that is wrong in a scenario.
package struct ScenarioError: Error, Sendable, CustomStringConvertible {
    private static let shownMax = 20

    /// The name of the file as the user gave it.
    package let file: String
    /// What is wrong, in the order of the file.
    package let diagnostics: [ScenarioDiagnostic]
    private let excerpts: [Int: SourceExcerpt]

    init(file: String, diagnostics: [ScenarioDiagnostic], source: ScenarioSource) {
        let sorted = diagnostics.enumerated()
            .sorted {
                ($0.element.line, $0.element.column, $0.offset)
                    < ($1.element.line, $1.element.column, $1.offset)
            }
            .map(\.element)
        self.file = file
        self.diagnostics = sorted
        var excerpts: [Int: SourceExcerpt] = [:]
        for (index, diagnostic) in sorted.prefix(ScenarioError.shownMax).enumerated() {
            excerpts[index] = source.excerpt(for: diagnostic)
        }
        self.excerpts = excerpts
    }

    /// The errors as they are shown to the user, each with its line and a caret.
    package var description: String {
        var blocks = diagnostics.prefix(ScenarioError.shownMax).enumerated().map { index, item in
            block(item, excerpts[index])
        }
        if diagnostics.count > ScenarioError.shownMax {
            blocks.append("and \(diagnostics.count - ScenarioError.shownMax) more errors")
        }
        return blocks.joined(separator: "\n\n")
    }

    private func block(_ item: ScenarioDiagnostic, _ excerpt: SourceExcerpt?) -> String {
        let number = String(item.line)
        let margin = String(repeating: " ", count: number.utf8.count + 1)
        var lines = [
            "error: \(item.message)",
            "\(margin)--> \(file):\(item.line):\(item.column)",
        ]
        if let excerpt {
            let caret = excerpt.underline + (item.hint.map { " \($0)" } ?? "")
            lines += ["\(margin) |", " \(number) | \(excerpt.text)", "\(margin) | \(caret)"]
        }
        if let allowed = item.allowed { lines.append("\(margin) = allowed: \(allowed)") }
        return lines.joined(separator: "\n")
    }
}
