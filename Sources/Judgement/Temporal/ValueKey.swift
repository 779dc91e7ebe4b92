internal import Determinism

/// The values of the variables of an atom at one moment, in the order of the names.
struct ValueKey: Hashable, Sendable {
    var values: [PlainValue]

    static let empty = ValueKey(values: [])
}

/// A JSON value that is equal to another when both mean the same: members in any order, numbers by
/// their value.
enum PlainValue: Hashable, Sendable {
    case number(DecimalNumber)
    case array([PlainValue])
    case object([Member])
    /// Anything else, by its bytes.
    case bytes([UInt8])

    struct Member: Hashable, Sendable {
        let key: [UInt8]
        let value: PlainValue
    }

    init(_ value: JSONValue) {
        switch value {
        case .number(let text):
            self = DecimalNumber(text).map(PlainValue.number) ?? .bytes(value.encoded())
        case .array(let items): self = .array(items.map(PlainValue.init))
        case .object(let members):
            self = .object(
                members.map { Member(key: Array($0.key.utf8), value: PlainValue($0.value)) }
                    .sorted { $0.key.lexicographicallyPrecedes($1.key) })
        case .null, .bool, .string: self = .bytes(value.encoded())
        }
    }
}
