public import Determinism

extension ParameterDomain {
    /// The values it holds, in words.
    public var allowed: String {
        switch self {
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .text: "a text"
        }
    }

    /// The one form in which a plan writes a value; nil when the domain does not hold it.
    ///
    /// A word or text may be given as a number or Boolean, since YAML does not tell them apart.
    public func normalised(_ value: JSONValue) -> JSONValue? {
        switch self {
        case .integer(let range):
            guard let number = value.intValue, range.contains(number) else { return nil }
            return .int(number)
        case .choice(let words):
            guard let word = ParameterDomain.text(of: value), words.contains(word) else {
                return nil
            }
            return .string(word)
        case .text:
            return ParameterDomain.text(of: value).map { .string($0) }
        }
    }

    /// Whether every number of a range is in the domain.
    public func holds(_ range: ClosedRange<Int64>) -> Bool {
        guard case .integer(let domain) = self else { return false }
        return domain.contains(range.lowerBound) && domain.contains(range.upperBound)
    }

    /// The part of a range that lies in the domain, whose words are counted from 0; nil when none
    /// does.
    func clamped(_ range: ClosedRange<Int64>) -> ClosedRange<Int64>? {
        let domain: ClosedRange<Int64>
        switch self {
        case .integer(let numbers): domain = numbers
        case .choice(let words):
            guard !words.isEmpty else { return nil }
            domain = 0...Int64(words.count - 1)
        case .text: return nil
        }
        return range.overlaps(domain) ? range.clamped(to: domain) : nil
    }

    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}

extension ParameterSpec {
    /// What is wrong with a setting of this parameter, and what is allowed; nil when nothing is.
    public func problem(with setting: ParameterSetting, fault: String) -> String? {
        switch setting {
        case .fixed(let value):
            guard domain.normalised(value) == nil else { return nil }
            return "'\(name)' of \(fault) must be \(allowed), was \(value.encodedText())"
        case .word(let word):
            guard !words.contains(word) else { return nil }
            return "'\(name)' of \(fault) must be \(allowed), was \(word.rawValue)"
        case .range(let range):
            guard case .integer = domain else {
                return "'\(name)' of \(fault) takes no range, only \(domain.allowed)"
            }
            guard !domain.holds(range) else { return nil }
            return "'\(name)' of \(fault) must be \(domain.allowed), "
                + "was the range \(range.lowerBound) to \(range.upperBound)"
        }
    }
}

extension FaultKind {
    /// The parameter with this name.
    public func parameter(_ name: String) -> ParameterSpec? {
        parameters.first { $0.name == name }
    }
}
