/// One Swift file of the repository, or a snippet that stands for one.
struct SourceFile {
    /// The path from the root of the repository.
    let path: String
    let text: String
    let source: SourceText

    init(path: String, text: String) {
        self.path = path
        self.text = text
        source = SourceText(text)
    }

    /// The module of a file below `Sources`; nil for others.
    var module: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" else { return nil }
        return String(parts[1])
    }

    func finding(_ line: Int, _ message: String) -> Finding {
        Finding(path: path, line: line + 1, message: message)
    }
}

/// A place that breaks a rule.
struct Finding: CustomStringConvertible, Equatable {
    let path: String
    /// From 1.
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
