internal import Yams

extension YamlError {
    /// The error in our words, at its place.
    var diagnostic: ScenarioDiagnostic {
        switch self {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            if problem.hasPrefix("Maximum nesting") {
                return YamlError.diagnostic("values are nested far too deep", mark)
            }
            let doing = context.map { " (\($0.text))" } ?? ""
            return YamlError.diagnostic("invalid YAML: \(problem)\(doing)", mark)
        case .composer(_, let problem, let mark, _):
            if problem.contains("another document") {
                return YamlError.diagnostic(
                    "the file is one document; a second one begins here", mark)
            }
            return YamlError.diagnostic("invalid YAML: \(problem)", mark)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            return YamlError.diagnostic("the key \(keys) is given twice in one map", context.mark)
        case .reader(let problem, let offset, _, let yaml):
            let (line, column) = YamlError.place(at: offset ?? 0, in: yaml)
            return ScenarioDiagnostic(
                message: "invalid YAML: \(problem)", line: line, column: column, length: 1)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return ScenarioDiagnostic(
                message: "invalid YAML: \(self)", line: 1, column: 1, length: 1)
        }
    }

    private static func diagnostic(_ message: String, _ mark: Mark) -> ScenarioDiagnostic {
        ScenarioDiagnostic(
            message: message, line: max(1, mark.line), column: max(1, mark.column), length: 1)
    }

    /// The place of a character, which the reader counts from the start of the text.
    private static func place(at offset: Int, in yaml: String) -> (Int, Int) {
        var line = 1
        var column = 1
        for character in yaml.prefix(offset) {
            if character.isNewline {
                line += 1
                column = 1
            } else {
                column += character.unicodeScalars.count
            }
        }
        return (line, column)
    }
}
