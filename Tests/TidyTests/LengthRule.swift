/// Files and functions stay short enough to be seen as a whole.
enum LengthRule {
    static let fileLinesMax = 400
    static let functionLinesMax = 70

    static func findings(in file: SourceFile) -> [Finding] {
        var found: [Finding] = []
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        if lines > fileLinesMax {
            found.append(
                file.finding(
                    fileLinesMax,
                    "the file has \(lines) lines, at most \(fileLinesMax): split it by concern"))
        }
        for function in functions(in: file) where function.lines > functionLinesMax {
            found.append(
                file.finding(
                    function.line,
                    "\(function.name) has \(function.lines) lines, at most \(functionLinesMax): "
                        + "push ifs up and loops down"))
        }
        return found
    }

    struct Function: Equatable {
        let name: String
        /// From 0.
        let line: Int
        let lines: Int
    }

    /// The functions and initialisers that have a body.
    static func functions(in file: SourceFile) -> [Function] {
        var walk = Walk(code: file.source.code.joined(separator: "\n"))
        return walk.functions()
    }
}

/// Finds declarations of functions by their keyword and their bodies by the braces.
private struct Walk {
    private let code: [UInt8]
    private var at = 0
    private var line = 0

    init(code: String) {
        self.code = Array(code.utf8)
    }

    mutating func functions() -> [LengthRule.Function] {
        var found: [LengthRule.Function] = []
        while at < code.count {
            guard let name = declared() else {
                step()
                continue
            }
            let (start, place) = (line, at)
            if skipToBody() {
                let end = closing()
                found.append(LengthRule.Function(name: name, line: start, lines: end - start + 1))
            }
            // Functions inside of this one are found as well.
            (at, line) = (place, start)
            step()
        }
        return found
    }

    /// The name of the function whose declaration begins here.
    private func declared() -> String? {
        guard "fisd".utf8.contains(code[at]),
            at == 0 || holds(at - 1, " ") || holds(at - 1, "\n")
        else { return nil }
        for keyword in ["func ", "init(", "init?(", "init<", "subscript(", "deinit "]
        where starts(keyword) {
            guard keyword == "func " else { return String(keyword.prefix { $0.isLetter }) }
            let name = code[(at + 5)...].prefix { !"(< ".utf8.contains($0) }
            return name.isEmpty ? "an operator" : String(decoding: name, as: UTF8.self)
        }
        return nil
    }

    /// Goes to the brace that opens the body; false for a requirement without one.
    private mutating func skipToBody() -> Bool {
        var depth = 0
        while at < code.count {
            if holds(at, "(") || holds(at, "[") { depth += 1 }
            if holds(at, ")") || holds(at, "]") { depth -= 1 }
            if depth == 0 {
                if holds(at, "{") { return true }
                if holds(at, "}") { return false }
                if holds(at, "\n") {
                    repeat { step() } while at < code.count && holds(at, " ")
                    // A declaration goes on in lines that begin with these only.
                    guard ["{", "where ", "throws", "async", "->", "("].contains(where: starts)
                    else { return false }
                    continue
                }
            }
            step()
        }
        return false
    }

    /// The line of the brace that closes the one here.
    private mutating func closing() -> Int {
        var depth = 0
        while at < code.count {
            if holds(at, "{") { depth += 1 }
            if holds(at, "}") { depth -= 1 }
            if depth == 0 { return line }
            step()
        }
        return line
    }

    private mutating func step() {
        if at < code.count, holds(at, "\n") { line += 1 }
        at += 1
    }

    private func holds(_ place: Int, _ character: Character) -> Bool {
        code[place] == character.asciiValue
    }

    private func starts(_ text: String) -> Bool {
        code[at...].starts(with: text.utf8)
    }
}
