import Determinism

/// A piece of streamed arguments: a value, or a piece of a text, at a path.
///
/// Source: https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/Content. The
/// path is a JSON Path (RFC 9535) of names and indices, such as `$.order.items[0].name`.
struct GeminiPartialArgument {
    private enum Step {
        case member(String)
        case element(Int)
    }

    /// The deepest path that is read, which no real schema comes near.
    private static let stepsMax = 64

    /// The member of the arguments to which it belongs.
    let member: String
    private let steps: [Step]
    private let value: JSONValue

    /// Reads a piece; nil when it has no value or its path leads to no member.
    init?(_ json: JSONValue) {
        guard let path = json["jsonPath"]?.stringValue, let value = Self.value(of: json),
            let steps = Self.steps(of: Array(path.utf8)), case .member(let member) = steps.first
        else { return nil }
        self.member = member
        self.steps = steps
        self.value = value
    }

    /// Adds it to arguments; a text is appended to the text that is there.
    func add(to arguments: inout JSONValue) {
        arguments = Self.adding(value, at: steps[...], to: arguments) ?? arguments
    }

    private static func value(of json: JSONValue) -> JSONValue? {
        if let text = json["stringValue"]?.stringValue { return .string(text) }
        if let number = json["numberValue"]?.numberText { return .number(number) }
        if let value = json["boolValue"]?.boolValue { return .bool(value) }
        return json["nullValue"] == nil ? nil : .some(.null)
    }

    /// The value with another one inside; nil when a path skips elements of an array.
    private static func adding(
        _ piece: JSONValue, at steps: ArraySlice<Step>, to old: JSONValue?
    ) -> JSONValue? {
        switch steps.first {
        case nil:
            guard let start = old?.stringValue, let end = piece.stringValue else { return piece }
            return .string(start + end)
        case .member(let name):
            var object = old?.objectValue == nil ? [:] : old ?? [:]
            guard let child = adding(piece, at: steps.dropFirst(), to: object[name]) else {
                return nil
            }
            object[name] = child
            return object
        case .element(let index):
            var elements = old?.arrayValue ?? []
            let element = elements.indices.contains(index) ? elements[index] : nil
            guard index <= elements.count,
                let child = adding(piece, at: steps.dropFirst(), to: element)
            else { return nil }
            if index < elements.count { elements.remove(at: index) }
            elements.insert(child, at: index)
            return .array(elements)
        }
    }

    private static func steps(of path: [UInt8]) -> [Step]? {
        guard path.first == UInt8(ascii: "$") else { return nil }
        var rest = path.dropFirst()
        var steps: [Step] = []
        while let first = rest.popFirst() {
            let step: Step?
            switch first {
            case UInt8(ascii: "."): step = name(&rest)
            case UInt8(ascii: "["): step = selector(&rest)
            default: step = nil
            }
            guard let step, steps.count < stepsMax else { return nil }
            steps.append(step)
        }
        return steps
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> Step? {
        let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : .member(String(decoding: name, as: UTF8.self))
    }

    /// What stands in brackets: an index, or a name in quotes.
    private static func selector(_ rest: inout ArraySlice<UInt8>) -> Step? {
        if let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            rest = rest.dropFirst()
            var name: [UInt8] = []
            while let byte = rest.popFirst(), byte != quote {
                guard byte == UInt8(ascii: "\\") else {
                    name.append(byte)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                name.append(escaped)
            }
            guard rest.popFirst() == UInt8(ascii: "]") else { return nil }
            return .member(String(decoding: name, as: UTF8.self))
        }
        let digits = rest.prefix { $0 != UInt8(ascii: "]") }
        rest = rest.dropFirst(digits.count)
        guard rest.popFirst() != nil, let index = Int(String(decoding: digits, as: UTF8.self)),
            index >= 0
        else { return nil }
        return .element(index)
    }
}
