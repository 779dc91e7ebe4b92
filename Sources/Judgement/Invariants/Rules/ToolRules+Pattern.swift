internal import Determinism

/// What the arguments of a call must be like.
///
/// Objects may have further members, lists are as long as the pattern, numbers compare by value,
/// and `{"$matches": "..."}` is a regular expression for a text.
struct ArgumentPattern: Hashable, Sendable {
    struct Member: Hashable, Sendable {
        let name: String
        let pattern: ArgumentPattern
    }

    indirect enum Form: Hashable, Sendable {
        case value(JSONValue)
        case text(Pattern)
        case members([Member])
        case elements([ArgumentPattern])
    }

    static let expressionKey = "$matches"

    let form: Form

    init(_ value: JSONValue, at path: String) throws(InvariantError) {
        if let expression = value[ArgumentPattern.expressionKey] {
            let inner = "\(path).\(ArgumentPattern.expressionKey)"
            guard value.objectValue?.count == 1 else {
                throw InvariantError(
                    .wrongValue, at: inner, "`$matches` stands alone in its object")
            }
            let text = try InvariantArguments(value: expression, path: inner).text()
            form = .text(try Pattern(text, at: inner))
        } else if let members = value.objectValue {
            var patterns: [Member] = []
            for member in members {
                patterns.append(
                    Member(
                        name: member.key,
                        pattern: try ArgumentPattern(
                            member.value, at: "\(path).\(member.key)")))
            }
            form = .members(patterns)
        } else if let elements = value.arrayValue {
            var patterns: [ArgumentPattern] = []
            for (index, element) in elements.enumerated() {
                patterns.append(try ArgumentPattern(element, at: "\(path)[\(index)]"))
            }
            form = .elements(patterns)
        } else {
            form = .value(value)
        }
    }

    func matches(_ value: JSONValue) -> Bool {
        switch form {
        case .value(let wanted): return JSONSchema.isEqual(wanted, value)
        case .text(let pattern): return value.stringValue.map(pattern.isFound) ?? false
        case .members(let members):
            guard value.objectValue != nil else { return false }
            return members.allSatisfy { member in
                value[member.name].map(member.pattern.matches) ?? false
            }
        case .elements(let patterns):
            guard let elements = value.arrayValue, elements.count == patterns.count else {
                return false
            }
            return zip(patterns, elements).allSatisfy { $0.matches($1) }
        }
    }
}

/// The uses of a tool that a rule is about.
struct ToolSelection: Sendable {
    let tool: String
    let arguments: ArgumentPattern?
    /// The tool with its pattern, for messages.
    let text: String

    init(_ reader: InvariantArguments) throws(InvariantError) {
        tool = try reader.required("tool").text()
        guard let pattern = reader.optional("arguments") else {
            arguments = nil
            text = tool
            return
        }
        guard pattern.value.objectValue != nil else {
            throw InvariantError(
                .wrongValue, at: pattern.path, "expected an object with the arguments to look for")
        }
        arguments = try ArgumentPattern(pattern.value, at: pattern.path)
        text = "\(tool) \(pattern.value.canonicalText())"
    }

    func matches(_ use: ToolUse) -> Bool {
        guard use.isNamed(tool) else { return false }
        guard let arguments else { return true }
        return use.arguments.map(arguments.matches) ?? false
    }
}
