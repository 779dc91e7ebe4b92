internal import Determinism
internal import Simulation

/// A place in a JSON value, written `order.id`, `/order/id` or `items.*.id`.
struct ValuePath: Hashable, Sendable {
    /// How many values one path may name: a list of a million elements says nothing more.
    static let valuesMax = 10_000

    let text: String
    private let steps: [String]

    init(_ text: String) {
        self.text = text
        let isPointer = text.hasPrefix("/")
        steps = (isPointer ? text.dropFirst() : text[...])
            .split(separator: isPointer ? "/" : ".", omittingEmptySubsequences: true)
            .map(String.init)
    }

    /// The values at the place.
    func values(in value: JSONValue) -> [JSONValue] {
        var current = [value]
        for step in steps {
            var next: [JSONValue] = []
            for value in current {
                if step == "*" {
                    let children = value.arrayValue ?? value.objectValue?.map(\.value) ?? []
                    next.append(contentsOf: children)
                } else if let member = value[step] {
                    next.append(member)
                } else if let place = Int(step), let element = value[place] {
                    next.append(element)
                }
            }
            current = Array(next.prefix(ValuePath.valuesMax))
        }
        return current
    }
}

/// A value by which the results of one tool and the arguments of another are compared.
private enum BoundValue: Hashable {
    case number(DecimalNumber)
    case other(String)

    init(_ value: JSONValue) {
        let text = value.stringValue ?? value.numberText ?? value.canonicalText()
        if let written = try? JSONValue.parse(text: text).numberText,
            let number = DecimalNumber(written)
        {
            self = .number(number)
        } else {
            self = .other(text)
        }
    }

    /// All values without members of a JSON value, up to a limit.
    static func leaves(of value: JSONValue) -> [BoundValue] {
        var open = [value]
        var leaves: [BoundValue] = []
        while let next = open.popLast(), leaves.count < ValuePath.valuesMax {
            if let elements = next.arrayValue {
                open.append(contentsOf: elements)
            } else if let members = next.objectValue {
                open.append(contentsOf: members.map(\.value))
            } else {
                leaves.append(BoundValue(next))
            }
        }
        return leaves
    }

    /// The words of a text, without the marks around them.
    static func words(of text: String) -> [BoundValue] {
        let marks: Set<Character> = [",", ";", "(", ")", "[", "]", "\"", "'", "<", ">", "{", "}"]
        let pieces = text.split { $0.isWhitespace || marks.contains($0) }
        return pieces.prefix(ValuePath.valuesMax).map { piece in
            var word = piece
            while let last = word.last, last == "." || last == ":" || last == "!" {
                word = word.dropLast()
            }
            return BoundValue(.string(String(word)))
        }
    }
}

extension ToolRules {
    struct BoundArguments: InvariantRule {
        let source: String
        let sourcePath: ValuePath?
        let target: String
        let targetPath: ValuePath

        var id: String {
            let place = sourcePath.map { ".\($0.text)" } ?? ""
            return "bound_arguments(\(source)\(place) -> \(target).\(targetPath.text))"
        }

        func check(_ conduct: Conduct) -> Finding {
            // The first exchange that shows each value; the uses are in the order of the exchanges.
            var first: [BoundValue: ExchangeID] = [:]
            for use in conduct.toolUses where use.isNamed(source) {
                for value in values(of: use, conduct) where first[value] == nil {
                    first[value] = use.exchange
                }
            }
            var witnesses: [ExchangeID] = []
            var count = 0
            for use in conduct.toolUses where use.isNamed(target) {
                for value in use.arguments.map(targetPath.values) ?? [] {
                    count += 1
                    if let origin = first[BoundValue(value)], isKnown(origin, to: use) {
                        if witnesses.count < ToolRules.witnessesMax {
                            witnesses += [origin, use.exchange]
                        }
                        continue
                    }
                    return .brokenByRequest(
                        "\(target) was called with \(ToolRules.quoted(value.canonicalText())), "
                            + "which no earlier result of \(source) holds",
                        witnesses: [use.exchange])
                }
            }
            guard count > 0 else {
                return .unjudged("\(target) was never called with \(targetPath.text)")
            }
            return .holds(
                "\(count) arguments of \(target) came from \(source)", witnesses: witnesses)
        }

        /// Whether the result was there when the call was decided on: the request to the model that
        /// asked for it brought the result, or came after it.
        private func isKnown(_ origin: ExchangeID, to use: ToolUse) -> Bool {
            use.askedBy.map { origin <= $0 } ?? (origin < use.exchange)
        }

        private func values(of use: ToolUse, _ conduct: Conduct) -> [BoundValue] {
            guard let result = use.result, use.outcome(conduct) == .done else { return [] }
            guard let json = try? JSONValue.parse(text: result) else {
                return sourcePath == nil ? BoundValue.words(of: result) : []
            }
            return sourcePath?.values(in: json).map(BoundValue.init) ?? BoundValue.leaves(of: json)
        }
    }
}
