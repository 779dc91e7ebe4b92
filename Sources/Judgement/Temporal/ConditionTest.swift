internal import Determinism

/// Looks for a text; a compiled expression cannot be shared, so it lives for one evaluation.
struct TextFinder {
    private let part: [UInt8]?
    private let regex: Regex<AnyRegexOutput>?

    init(_ text: TemporalAtom.Text?) {
        switch text {
        case .part(let text):
            part = Array(text.utf8)
            regex = nil
        case .pattern(let pattern):
            part = nil
            regex = try? Regex(pattern.text).matchingSemantics(.unicodeScalar)
        case nil:
            part = nil
            regex = nil
        }
    }

    func isFound(in text: String) -> Bool {
        if let part { return text.utf8.firstRange(of: part) != nil }
        guard let regex else { return false }
        return ((try? regex.firstMatch(in: text)) ?? nil) != nil
    }
}

/// Checks the conditions of an atom on one JSON value.
struct ConditionTest {
    private struct Check {
        let condition: TemporalAtom.Condition
        let finder: TextFinder
        let number: DecimalNumber?
        let plain: PlainValue?
    }

    private let checks: [Check]
    private let variables: [String]

    init(_ atom: TemporalAtom) {
        variables = atom.variables
        checks = atom.conditions.map { condition in
            switch condition.operand {
            case .value(let value):
                Check(
                    condition: condition, finder: TextFinder(nil),
                    number: value.numberText.flatMap(DecimalNumber.init),
                    plain: PlainValue(value))
            case .pattern(let pattern):
                Check(
                    condition: condition, finder: TextFinder(.pattern(pattern)), number: nil,
                    plain: nil)
            case .variable:
                Check(condition: condition, finder: TextFinder(nil), number: nil, plain: nil)
            }
        }
    }

    /// The values of the variables in their order; nil where a condition fails.
    ///
    /// What is not there fulfils no condition, not even `!=`.
    func key(of value: JSONValue?) -> ValueKey? {
        guard !checks.isEmpty else { return .empty }
        guard let value else { return nil }
        var bound: [String: PlainValue] = [:]
        for check in checks {
            guard let member = value[pointer: check.condition.pointer] else { return nil }
            if case .variable(let name) = check.condition.operand {
                let key = PlainValue(member)
                guard bound[name, default: key] == key else { return nil }
                bound[name] = key
            } else if !ConditionTest.holds(check, member) {
                return nil
            }
        }
        return ValueKey(values: variables.compactMap { bound[$0] })
    }

    private static func holds(_ check: Check, _ member: JSONValue) -> Bool {
        if case .pattern = check.condition.operand {
            let text = member.stringValue ?? member.canonicalText()
            return check.finder.isFound(in: text) == (check.condition.comparison == .equal)
        }
        switch check.condition.comparison {
        case .equal: return PlainValue(member) == check.plain
        case .unequal: return PlainValue(member) != check.plain
        case .less, .lessOrEqual, .greater, .greaterOrEqual: break
        }
        guard let wanted = check.number, let found = member.numberText.flatMap(DecimalNumber.init)
        else { return false }
        return switch check.condition.comparison {
        case .less: found < wanted
        case .lessOrEqual: found <= wanted
        case .greater: found > wanted
        default: found >= wanted
        }
    }
}
