internal import Determinism

/// Reads a formula; the grammar is in docs/TEMPORAL.md.
struct TemporalParser {
    static let lengthMax = 4_096
    static let depthMax = 48
    static let countMax = 1_000_000

    /// The words that are no atoms.
    static let keywords = [
        "always", "never", "eventually", "within", "not", "and", "or", "before", "after", "until",
        "unless", "requires", "at", "most", "least", "exactly", "true", "false",
    ]

    /// The words whose reach is easily taken for larger.
    private static let openWords = ["always", "never", "eventually", "within", "after"]

    let scalars: [Unicode.Scalar]
    let tokens: [TemporalToken]
    var place = 0
    var nodes: [TemporalFormula.Node] = []
    private var depth = 0

    private init(_ scalars: [Unicode.Scalar]) throws(TemporalError) {
        self.scalars = scalars
        tokens = try TemporalLexer.tokens(of: scalars)
    }

    static func parse(_ text: String) throws(TemporalError) -> TemporalFormula {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count <= lengthMax else {
            throw TemporalError(
                .tooLarge, "a formula has at most \(lengthMax) characters; write several rules",
                at: lengthMax..<scalars.count, of: scalars)
        }
        var parser = try TemporalParser(scalars)
        let root = try parser.formula()
        guard case .end = parser.next.kind else {
            let isParenthesis = parser.next.kind == .symbol("(")
            throw parser.unexpected(
                isParenthesis
                    ? "an operator; the parenthesis of an atom follows its word without a space"
                    : "an operator (`and`, `or`, `->`, `before`, …) or the end")
        }
        try parser.checkMoments(root)
        return TemporalFormula(scalars: scalars, nodes: parser.nodes)
    }

    // MARK: Tokens

    var next: TemporalToken { tokens[min(place, tokens.count - 1)] }

    /// Takes the word when it is next.
    mutating func take(_ word: String) -> Bool {
        guard next.kind == .word(word) || next.kind == .symbol(word) else { return false }
        place += 1
        return true
    }

    mutating func expect(_ word: String, _ expected: String) throws(TemporalError) {
        guard take(word) else { throw unexpected(expected) }
    }

    func unexpected(_ expected: String) -> TemporalError {
        error(.unexpected, "expected \(expected), found \(next.shown)", next.range)
    }

    func error(
        _ code: TemporalError.Code, _ message: String, _ range: Range<Int>
    ) -> TemporalError {
        TemporalError(code, message, at: range, of: scalars)
    }

    // MARK: Parts

    mutating func add(
        _ form: TemporalFormula.Form, from start: Int, isEvent: Bool = false
    ) -> Int {
        let end = place > 0 ? tokens[place - 1].range.upperBound : start
        nodes.append(
            TemporalFormula.Node(form: form, range: start..<max(start, end), isEvent: isEvent))
        return nodes.count - 1
    }

    func isEvent(_ node: Int) -> Bool { nodes[node].isEvent }

    /// Reads something one level deeper.
    mutating func deeper(
        _ read: (inout TemporalParser) throws(TemporalError) -> Int
    ) throws(TemporalError) -> Int {
        depth += 1
        defer { depth -= 1 }
        guard depth <= TemporalParser.depthMax else {
            throw error(.tooLarge, "the formula is nested too deeply", next.range)
        }
        return try read(&self)
    }

    // MARK: Operators between parts

    mutating func formula() throws(TemporalError) -> Int {
        let first = next
        let left = try deeper { (parser) throws(TemporalError) in try parser.either() }
        let arrow = next
        guard take("->") else { return left }
        if case .word(let word) = first.kind, Self.openWords.contains(word),
            nodes[left].isOpenToTheRight
        {
            throw error(
                .misleading,
                "`\(word) … -> …` can be read in two ways; write `\(word) (… -> …)` or "
                    + "`(\(word) …) -> …`", arrow.range)
        }
        let right = try deeper { (parser) throws(TemporalError) in try parser.formula() }
        return add(
            .implies(left, right), from: first.range.lowerBound,
            isEvent: isEvent(left) && isEvent(right))
    }

    private mutating func either() throws(TemporalError) -> Int {
        let start = next.range.lowerBound
        var left = try both()
        while take("or") {
            let right = try both()
            left = add(
                .either(left, right), from: start, isEvent: isEvent(left) && isEvent(right))
        }
        return left
    }

    private mutating func both() throws(TemporalError) -> Int {
        let start = next.range.lowerBound
        var left = try relation()
        while take("and") {
            let right = try relation()
            left = add(.both(left, right), from: start, isEvent: isEvent(left) && isEvent(right))
        }
        return left
    }

    // MARK: Windows and numbers

    /// `within 60s`, `within 3 steps`.
    mutating func window() throws(TemporalError) -> TemporalFormula.Window? {
        guard take("within") else { return nil }
        let start = next.range
        guard case .word(let word) = next.kind, word.utf8.first.map(isDigit) == true else {
            throw unexpected("a span such as `500ms`, `60s`, `2min` or `3 steps`")
        }
        place += 1
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        var unit = String(word.dropFirst(digits.count))
        if unit.isEmpty, case .word(let separate) = next.kind {
            unit = separate
            place += 1
        }
        let range = start.lowerBound..<tokens[place - 1].range.upperBound
        // More minutes than that are not told apart in nanoseconds.
        guard let count = Int64(digits), count <= (unit == "min" ? 100_000_000 : 1_000_000_000)
        else {
            throw error(
                .wrongValue, "a span is at most 1000000000 of its unit, of `min` 100000000", range)
        }
        switch unit {
        case "ms": return .time(.milliseconds(count))
        case "s": return .time(.seconds(count))
        case "min": return .time(.seconds(count * 60))
        case "step", "steps": return .steps(Int(count))
        default:
            throw error(
                .wrongValue,
                "a span is a whole number with `ms`, `s`, `min` or `steps`, such as `1500ms`",
                range)
        }
    }

    /// A whole number, when one is next.
    mutating func number() throws(TemporalError) -> Int? {
        guard case .word(let word) = next.kind, word.utf8.first.map(isDigit) == true else {
            return nil
        }
        guard let number = Int(word), number <= TemporalParser.countMax else {
            throw error(
                .wrongValue, "expected a whole number up to \(TemporalParser.countMax)",
                next.range)
        }
        place += 1
        return number
    }

    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension TemporalFormula.Node {
    /// Whether an arrow behind it might belong to its inside.
    fileprivate var isOpenToTheRight: Bool {
        switch form {
        case .always, .never, .eventually, .after: true
        default: false
        }
    }
}
