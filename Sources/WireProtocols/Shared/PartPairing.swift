import Determinism

/// Finds for each part of an edited answer the recorded part that it was made of.
enum PartPairing {
    /// The place of the recorded part for each new one; nil where it has none.
    ///
    /// Equal parts are paired first, in their order; then, in their order, parts of one kind.
    static func pairs(_ parts: [AnswerPart], with recorded: [AnswerPart]) -> [Int?] {
        var equal: [JSONValue: [Int]] = [:]
        for (place, part) in recorded.enumerated().reversed() {
            equal[part.exact, default: []].append(place)
        }
        var isTaken = Array(repeating: false, count: recorded.count)
        var pairs = parts.map { part -> Int? in
            guard let place = equal[part.exact]?.popLast() else { return nil }
            isTaken[place] = true
            return place
        }
        var left: [String: [Int]] = [:]
        for place in recorded.indices.reversed() where !isTaken[place] {
            left[recorded[place].kind, default: []].append(place)
        }
        for (place, part) in parts.enumerated() where pairs[place] == nil {
            if case .kept = part { continue }
            pairs[place] = left[part.kind]?.popLast()
        }
        return pairs
    }
}

extension AnswerPart {
    /// The name of its kind.
    fileprivate var kind: String {
        switch self {
        case .text: "text"
        case .refusal: "refusal"
        case .call: "call"
        case .kept: "kept"
        }
    }

    /// A value that is equal only where the bytes are: texts of Swift are equal, too, where they
    /// differ in how a character is composed.
    fileprivate var exact: JSONValue {
        switch self {
        case .text(let text), .refusal(let text): [.string(kind), .string(text)]
        case .call(let call):
            [
                call.id.map { .string($0) } ?? .null, .string(call.name),
                call.arguments.map { .string($0) } ?? .null,
            ]
        case .kept(let number): .int(Int64(number))
        }
    }
}
