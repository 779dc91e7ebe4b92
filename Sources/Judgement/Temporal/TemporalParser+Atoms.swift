internal import Determinism
internal import Faults

/// What stands in the parentheses of an atom.
extension TemporalParser {
    mutating func atom(_ kind: TemporalAtom.Kind) throws(TemporalError) -> TemporalAtom {
        var atom = TemporalAtom(kind: kind)
        let opening = next.range
        // With a space between, it is the parenthesis of the formula that follows.
        let isOpen = opening.lowerBound == tokens[place - 1].range.upperBound && take("(")
        if isOpen, !take(")") {
            repeat { try argument(of: &atom) } while take(",")
            try expect(")", "`,` or `)`")
        }
        let needs: String? =
            switch kind {
            case .status where atom.status == nil: "a status, such as `status(openai, 429)`"
            case .output where atom.text == nil: "a text, such as `output(\"refunded\")`"
            case .says where atom.text == nil: "a text, such as `says(/refund(ed)?/)`"
            default: nil
            }
        if let needs { throw error(.unexpected, "`\(kind.rawValue)` needs \(needs)", opening) }
        return atom
    }

    private mutating func argument(of atom: inout TemporalAtom) throws(TemporalError) {
        if let condition = try condition(for: atom.kind) {
            atom.conditions.append(condition)
            return
        }
        switch atom.kind {
        case .call, .ask, .result, .ok, .error, .wants:
            guard atom.target == nil, atom.conditions.isEmpty else {
                throw unexpected("a condition such as `amount = 5`")
            }
            atom.target = NamePattern(try name("the name of an upstream or tool, or a route"))
        case .status: try statusArgument(of: &atom)
        case .fault: try faultArgument(of: &atom)
        case .output, .says:
            guard atom.text == nil else { throw unexpected("`)`") }
            atom.text = try text()
        case .exit:
            guard atom.exit == nil else { throw unexpected("`)`") }
            atom.exit = try exit()
        }
    }

    private mutating func name(_ expected: String) throws(TemporalError) -> String {
        switch next.kind {
        case .word(let text), .string(let text):
            guard !text.isEmpty else { throw unexpected(expected) }
            place += 1
            return text
        default: throw unexpected(expected)
        }
    }

    private mutating func text() throws(TemporalError) -> TemporalAtom.Text {
        if case .regex(let pattern) = next.kind { return .pattern(try self.pattern(pattern)) }
        guard case .string(let text) = next.kind, !text.isEmpty else {
            throw unexpected("a text in quotes or a /regular expression/")
        }
        place += 1
        return .part(text)
    }

    private mutating func pattern(_ text: String) throws(TemporalError) -> Pattern {
        let range = next.range
        place += 1
        do {
            return try Pattern(text, at: "")
        } catch let failure {
            throw error(.wrongValue, failure.message, range)
        }
    }

    private mutating func exit() throws(TemporalError) -> TemporalAtom.Exit {
        let expected = "an exit code, `signal` or `stopped`"
        if take("signal") { return .signal }
        if take("stopped") { return .stopped }
        guard let code = try number() else { throw unexpected(expected) }
        return .code(code)
    }

    private mutating func statusArgument(of atom: inout TemporalAtom) throws(TemporalError) {
        guard atom.status == nil else { throw unexpected("`)`") }
        let range = next.range
        let word = try name("an upstream or a status such as `429`, `5xx`")
        if let status = TemporalParser.statuses(word) {
            atom.status = status
        } else if atom.target == nil {
            atom.target = NamePattern(word)
        } else {
            throw error(.wrongValue, "expected a status such as `429`, `5xx`, `500-599`", range)
        }
    }

    /// `429`, `5xx`, `500-504`.
    private static func statuses(_ word: String) -> ClosedRange<Int>? {
        let codes = 100...599
        if word.utf8.count == 3, word.hasSuffix("xx"), let first = Int(word.prefix(1)) {
            return (1...5).contains(first) ? first * 100...first * 100 + 99 : nil
        }
        let ends = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            .map { Int($0) ?? 0 }
        guard let low = ends.first, let high = ends.last, codes.contains(low),
            codes.contains(high), low <= high
        else { return nil }
        return low...high
    }

    private mutating func faultArgument(of atom: inout TemporalAtom) throws(TemporalError) {
        let range = next.range
        let word = try name("the identifier of a fault, or a family")
        guard atom.target != nil else {
            let pattern = NamePattern(word)
            let families = FaultCatalogue.families.map(\.name)
            let known = FaultCatalogue.all.map(\.id)
            guard (known + families).contains(where: { pattern.matches(name: $0) }) else {
                let hint = nearestName(to: word, among: known + families)
                throw error(
                    .unknownWord,
                    "no fault or family is named `\(PlainText.clipped(word))`"
                        + (hint.map { "; did you mean `\($0)`?" } ?? ";")
                        + " `stormtape faults` lists them", range)
            }
            atom.target = pattern
            return
        }
        guard atom.place == nil else {
            throw error(.unexpected, "expected `)`", range)
        }
        atom.place = NamePattern(word)
    }

    // MARK: Conditions

    /// `amount = 5`, when one is next.
    private mutating func condition(
        for kind: TemporalAtom.Kind
    ) throws(TemporalError) -> TemporalAtom.Condition? {
        let start = place
        let path: String
        switch next.kind {
        case .word(let word):
            path = word.split(separator: ".", omittingEmptySubsequences: false)
                .map { TemporalParser.escaped(String($0)) }.map { "/" + $0 }.joined()
        case .string(let text):
            path = text.hasPrefix("/") ? text : "/" + TemporalParser.escaped(text)
        default: return nil
        }
        place += 1
        let sign = next
        guard let comparison = TemporalAtom.Comparison.allCases.first(where: { take($0.rawValue) })
        else {
            place = start
            return nil
        }
        guard ![.status, .fault, .output, .says, .exit].contains(kind) else {
            throw error(.unexpected, "`\(kind.rawValue)` takes no conditions", tokens[start].range)
        }
        return TemporalAtom.Condition(
            pointer: path, comparison: comparison,
            operand: try operand(comparison, sign))
    }

    /// A name as a token of a JSON Pointer.
    private static func escaped(_ name: String) -> String {
        name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private mutating func operand(
        _ comparison: TemporalAtom.Comparison, _ sign: TemporalToken
    ) throws(TemporalError) -> TemporalAtom.Operand {
        let isOrder = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison)
        let range = next.range
        switch next.kind {
        case .regex(let text) where !isOrder: return .pattern(try pattern(text))
        case .variable(let name):
            guard comparison == .equal else {
                throw error(.variable, "a variable is bound with `=` only", sign.range)
            }
            place += 1
            return .variable(name)
        case .string(let text) where !isOrder:
            place += 1
            return .value(.string(text))
        case .word(let word):
            guard let value = try? JSONValue.parse(text: word), isOrder == false || isNumber(value)
            else {
                let hint = isOrder ? "a number" : "put a text in quotes: \"\(word)\""
                throw error(.wrongValue, "this is no JSON value here; \(hint)", range)
            }
            place += 1
            return .value(value)
        default:
            throw unexpected(
                isOrder
                    ? "a number"
                    : "a text in quotes, a number, `true`, `false`, `null`, a "
                        + "variable such as `$order` or a /regular expression/")
        }
    }

    private func isNumber(_ value: JSONValue) -> Bool { value.numberText != nil }
}
