/// One word or sign of a formula.
struct TemporalToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case word(String)
        case string(String)
        case regex(String)
        case variable(String)
        case symbol(String)
        case end
    }

    var kind: Kind
    /// Its place in the text, in Unicode scalars.
    var range: Range<Int>

    /// As an error names it.
    var shown: String {
        switch kind {
        case .word(let text), .symbol(let text): "`\(PlainText.clipped(text))`"
        case .string(let text): "the text \"\(PlainText.clipped(text))\""
        case .regex(let text): "/\(PlainText.clipped(text))/"
        case .variable(let name): "`$\(PlainText.clipped(name))`"
        case .end: "the end"
        }
    }
}

/// Splits a formula into words and signs.
struct TemporalLexer {
    private static let symbols = ["->", "<=", ">=", "!=", "(", ")", ",", "=", "<", ">"]
    private static let foreign = [
        ("&&", "and"), ("||", "or"), ("=>", "->"), ("&", "and"), ("|", "or"), ("!", "not"),
    ]

    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    static func tokens(
        of scalars: [Unicode.Scalar]
    ) throws(TemporalError) -> [TemporalToken] {
        var lexer = TemporalLexer(scalars)
        var tokens: [TemporalToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(TemporalError) -> TemporalToken {
        while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
        let start = place
        guard place < scalars.count else { return token(.end, from: start) }
        switch scalars[place] {
        case "\"", "'": return token(.string(try quoted(by: scalars[place])), from: start)
        case "/": return token(.regex(try regex()), from: start)
        case "$":
            place += 1
            let name = word()
            guard !name.isEmpty else {
                throw error(.unexpected, "a variable needs a name, such as `$order`", from: start)
            }
            return token(.variable(name), from: start)
        default: break
        }
        for (wrong, right) in TemporalLexer.foreign where starts(with: wrong) {
            // `!=` is ours.
            if wrong == "!", starts(with: "!=") { continue }
            place += wrong.unicodeScalars.count
            throw error(.unknownWord, "`\(wrong)` is no sign here; write `\(right)`", from: start)
        }
        for symbol in TemporalLexer.symbols where starts(with: symbol) {
            place += symbol.unicodeScalars.count
            return token(.symbol(symbol), from: start)
        }
        let name = word()
        guard !name.isEmpty else {
            place += 1
            throw error(
                .unexpected, "this sign means nothing here; put names and texts in quotes",
                from: start)
        }
        return token(.word(name), from: start)
    }

    /// Letters, digits and the signs of names; an arrow ends it.
    private mutating func word() -> String {
        var found = String.UnicodeScalarView()
        while place < scalars.count, isPartOfWord(scalars[place]) {
            if starts(with: "->") { break }
            // `/` and `.` stand within a name only.
            if found.isEmpty, "./:".unicodeScalars.contains(scalars[place]) { break }
            found.append(scalars[place])
            place += 1
        }
        return String(found)
    }

    private func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "_-*./:".unicodeScalars.contains(scalar)
    }

    private mutating func quoted(by quote: Unicode.Scalar) throws(TemporalError) -> String {
        let start = place
        var text = String.UnicodeScalarView()
        place += 1
        while place < scalars.count, scalars[place] != quote {
            if scalars[place] == "\\" {
                text.append(try escape())
            } else {
                text.append(scalars[place])
            }
            place += 1
        }
        guard place < scalars.count else {
            throw error(
                .unexpected, "the text that begins here has no closing \(quote)", from: start)
        }
        place += 1
        return String(text)
    }

    private mutating func escape() throws(TemporalError) -> Unicode.Scalar {
        let start = place
        place += 1
        switch place < scalars.count ? scalars[place] : nil {
        case "n": return "\n"
        case "t": return "\t"
        case .some(let scalar) where "\\\"'".unicodeScalars.contains(scalar): return scalar
        default:
            place = min(place + 1, scalars.count)
            throw error(
                .wrongValue, #"a backslash is followed by one of \ " ' n t; write `\\` for itself"#,
                from: start)
        }
    }

    private mutating func regex() throws(TemporalError) -> String {
        let start = place
        var text = String.UnicodeScalarView()
        place += 1
        while place < scalars.count, scalars[place] != "/" {
            if scalars[place] == "\\", place + 1 < scalars.count {
                if scalars[place + 1] != "/" { text.append("\\") }
                place += 1
            }
            text.append(scalars[place])
            place += 1
        }
        guard place < scalars.count else {
            throw error(
                .unexpected,
                "the expression that begins here has no closing `/`; a route such as "
                    + "\"POST /refund\" stands in quotes", from: start)
        }
        place += 1
        return String(text)
    }

    private func starts(with text: String) -> Bool {
        scalars[place...].starts(with: text.unicodeScalars)
    }

    private func token(_ kind: TemporalToken.Kind, from start: Int) -> TemporalToken {
        TemporalToken(kind: kind, range: start..<place)
    }

    private func error(
        _ code: TemporalError.Code, _ message: String, from start: Int
    ) -> TemporalError {
        TemporalError(code, message, at: start..<max(start + 1, place), of: scalars)
    }
}
