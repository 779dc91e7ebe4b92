/// Nothing is left lying about: markers of unfinished work, traps without a reason, machine paths.
enum MarkerRule {
    private static let markers = ["TODO", "FIXME", "XXX", "HACK", "WIP"]
    private static let traps = ["try!", "fatalError("]
    /// Written in two parts, so that this file does not find itself.
    private static let machinePaths = ["home", "Users", "root", "work"].map { "/" + $0 + "/" }

    static func findings(in file: SourceFile) -> [Finding] {
        leftovers(in: file) + unexplainedTraps(in: file)
            + machinePaths(path: file.path, text: file.text)
    }

    static func leftovers(in file: SourceFile) -> [Finding] {
        file.source.comments.enumerated().flatMap { line, comment in
            markers.filter { comment.mentions($0) }
                .map { file.finding(line, "\($0) is left over: do it, or open an issue") }
        }
    }

    /// A trap is allowed beside a comment that says why it cannot be reached.
    static func unexplainedTraps(in file: SourceFile) -> [Finding] {
        let comments = file.source.comments.map { $0.contains("//") }
        return file.source.code.enumerated().flatMap { line, code in
            let isExplained = comments[line] || (line > 0 && comments[line - 1])
            return traps.filter { code.mentions($0) && !isExplained }
                .map { file.finding(line, "\($0) needs a comment that says why it cannot happen") }
        }
    }

    /// Paths of one person's machine, in code, comments, text, scripts and documents.
    static func machinePaths(path: String, text: String) -> [Finding] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().flatMap { number, line in
            machinePaths.filter { isMentioned($0, in: line) }.map {
                Finding(path: path, line: number + 1, message: "\($0) is a path of one machine")
            }
        }
    }

    /// Only absolute paths count: `docs/work/` is a folder of the repository.
    private static func isMentioned(_ machinePath: String, in line: Substring) -> Bool {
        line.ranges(of: machinePath).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.continuesIdentifier && !".}-".contains(before)
        }
    }
}
