internal import Determinism

extension JSONSchema {
    /// How many failures are collected: a wrong list of a million items says nothing more.
    static let failuresMax = 20

    /// Where and why a value does not fit; empty when it does.
    func failures(of value: JSONValue) -> [Failure] {
        var failures: [Failure] = []
        check(value, at: "$", into: &failures)
        return failures
    }

    private func check(_ value: JSONValue, at path: String, into failures: inout [Failure]) {
        for keyword in keywords where failures.count < JSONSchema.failuresMax {
            switch keyword {
            case .properties(let properties):
                for property in properties {
                    guard let member = value[property.name] else { continue }
                    property.schema.check(member, at: "\(path).\(property.name)", into: &failures)
                }
            case .additional(let names, let schema):
                for member in value.objectValue ?? [] where !names.contains(member.key) {
                    schema.check(member.value, at: "\(path).\(member.key)", into: &failures)
                }
            case .items(let schema):
                for (index, element) in (value.arrayValue ?? []).enumerated() {
                    guard failures.count < JSONSchema.failuresMax else { break }
                    schema.check(element, at: "\(path)[\(index)]", into: &failures)
                }
            default:
                if let message = JSONSchema.failure(of: value, keyword) {
                    failures.append(Failure(path: path, message: message))
                }
            }
        }
    }

    /// What a keyword without inner schemas says against a value; nil when it has no objection.
    private static func failure(of value: JSONValue, _ keyword: Keyword) -> String? {
        switch keyword {
        case .nothing: return "is not allowed here"
        case .type(let names):
            if names.contains(where: { has(value, type: $0) }) { return nil }
            return "expected \(names.joined(separator: " or ")), found \(kind(of: value))"
        case .required(let names):
            guard value.objectValue != nil else { return nil }
            let missing = names.filter { value[$0] == nil }
            return missing.isEmpty ? nil : "lacks \(missing.joined(separator: ", "))"
        case .oneOf(let allowed):
            if allowed.contains(where: { isEqual($0, value) }) { return nil }
            return "\(show(value)) is none of \(show(.array(allowed)))"
        case .const(let wanted):
            return isEqual(wanted, value) ? nil : "\(show(value)) is not \(show(wanted))"
        case .pattern(let pattern):
            guard let text = value.stringValue, !pattern.isFound(in: text) else { return nil }
            return "\(show(value)) does not match /\(pattern.text)/"
        case .bound(let bound, let limit, let text):
            return failure(of: value, bound, limit, text)
        case .size(let size, let limit): return failure(of: value, size, limit)
        case .properties, .items, .additional: return nil
        }
    }

    private static func failure(
        of value: JSONValue, _ bound: Bound, _ limit: DecimalNumber, _ text: String
    ) -> String? {
        guard let written = value.numberText else { return nil }
        guard let number = DecimalNumber(written) else {
            return "the exponent of \(show(value)) is beyond what is compared"
        }
        let fits =
            switch bound {
            case .minimum: number >= limit
            case .maximum: number <= limit
            case .exclusiveMinimum: number > limit
            case .exclusiveMaximum: number < limit
            }
        return fits ? nil : "\(show(value)) breaks \(bound.rawValue) \(text)"
    }

    private static func failure(of value: JSONValue, _ size: Size, _ limit: Int) -> String? {
        let count: Int?
        switch size {
        case .minLength, .maxLength: count = value.stringValue?.unicodeScalars.count
        case .minItems, .maxItems: count = value.arrayValue?.count
        }
        guard let count else { return nil }
        let fits = size == .minLength || size == .minItems ? count >= limit : count <= limit
        return fits ? nil : "has \(count), breaks \(size.rawValue) \(limit)"
    }

    private static func has(_ value: JSONValue, type: String) -> Bool {
        if type == "integer" {
            return value.numberText.flatMap { DecimalNumber($0) }?.isWhole ?? false
        }
        return kind(of: value) == type
    }

    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func show(_ value: JSONValue) -> String {
        let text = value.canonicalText()
        return text.count > 80 ? text.prefix(80) + "…" : text
    }

    /// Equality of data: numbers by value, objects in any order.
    static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.number(let mine), .number(let theirs)):
            guard let mine = DecimalNumber(mine), let theirs = DecimalNumber(theirs) else {
                return left == right
            }
            return mine == theirs
        case (.array(let mine), .array(let theirs)):
            return mine.count == theirs.count && zip(mine, theirs).allSatisfy(isEqual)
        case (.object(let mine), .object(let theirs)):
            guard mine.count == theirs.count else { return false }
            return mine.allSatisfy { member in
                right[member.key].map { isEqual(member.value, $0) } ?? false
            }
        default: return left == right
        }
    }
}
