internal import Determinism

/// One object of a plan's JSON, whose members are all known.
struct PlanReader {
    let path: String
    private let value: JSONValue

    init(_ value: JSONValue, at path: String, members: [String]) throws(PlanError) {
        self.path = path
        self.value = value
        guard let present = value.objectValue else {
            throw PlanError(code: .invalidValue, path: path, message: "must be an object")
        }
        for member in present where !members.contains(member.key) {
            let question = Suggestion.question(for: member.key, in: members) ?? "remove it."
            throw PlanError(
                code: .unknownMember, path: path,
                message: "unknown member '\(member.key)'; \(question) "
                    + "Allowed: " + members.joined(separator: ", "))
        }
    }

    func optional(_ name: String) -> JSONValue? { value[name] }

    func required(_ name: String) throws(PlanError) -> JSONValue {
        guard let member = value[name] else {
            throw PlanError(
                code: .missingMember, path: path, message: "the member '\(name)' is missing")
        }
        return member
    }

    func text(_ name: String) throws(PlanError) -> String {
        guard let text = try required(name).stringValue else {
            throw invalid(name, "must be a text")
        }
        return text
    }

    func optionalText(_ name: String) throws(PlanError) -> String? {
        optional(name) == nil ? nil : try text(name)
    }

    func whole(_ name: String, in range: ClosedRange<Int>) throws(PlanError) -> Int {
        guard let number = try required(name).intValue, let value = Int(exactly: number),
            range.contains(value)
        else {
            let limit = range.upperBound == .max ? "" : " and at most \(range.upperBound)"
            throw invalid(name, "must be a whole number of at least \(range.lowerBound)\(limit)")
        }
        return value
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as type: Word.Type
    ) throws(PlanError) -> Word where Word.RawValue == String {
        guard let word = try required(name).stringValue.flatMap({ Word(rawValue: $0) }) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(name, "must be one of \(words)")
        }
        return word
    }

    /// The elements of a list with their paths; an absent list is empty.
    func list(_ name: String) throws(PlanError) -> [(value: JSONValue, path: String)] {
        guard let list = optional(name) else { return [] }
        guard let elements = list.arrayValue else { throw invalid(name, "must be a list") }
        return elements.enumerated().map { ($1, "\(path).\(name)[\($0)]") }
    }

    func invalid(_ name: String, _ message: String) -> PlanError {
        PlanError(code: .invalidValue, path: "\(path).\(name)", message: message)
    }
}
