/// A JSON value that keeps what the text said: the order of members and the digits of numbers.
///
/// Equality is textual: numbers are equal when written alike (`1.0` is not `1`), strings when their
/// UTF-8 bytes are, and objects when their members are in the same order. To compare objects
/// without regard to order, compare `canonical()`.
public enum JSONValue: Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number as it was written.
    case number(String)
    /// A string, its escapes resolved.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, its members in the order in which they were written.
    case object([JSONMember])

    /// The number that an integer is written as.
    public static func int(_ value: Int64) -> JSONValue {
        .number(String(value))
    }
}

/// One member of a JSON object.
public struct JSONMember: Sendable {
    /// The member's name.
    public var key: String
    /// The member's value.
    public var value: JSONValue

    /// A member with this name and value.
    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

// Swift's strings are equal when they are canonically equivalent ("é" composed or not), JSON's
// only when their code points are. Written by hand, so that equal values have equal encodings.
extension JSONValue: Hashable {
    /// Whether two values have the same encoding.
    public static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs, rhs) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left.isByteEqual(to: right)
        case (.string(let left), .string(let right)): left.isByteEqual(to: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Feeds the value into a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let text): hasher.combine(text)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension JSONMember: Hashable {
    /// Whether two members have the same encoding.
    public static func == (lhs: JSONMember, rhs: JSONMember) -> Bool {
        lhs.key.isByteEqual(to: rhs.key) && lhs.value == rhs.value
    }

    /// Feeds the member into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}

extension String {
    /// Whether two texts have the same UTF-8 bytes.
    package func isByteEqual(to other: String) -> Bool {
        // Equivalence first: it is decided by one memory comparison for nearly all texts.
        guard utf8.count == other.utf8.count, self == other else { return false }
        // Safe: neither buffer outlives the call. A walk over the views costs ten times as much.
        let isEqual = unsafe utf8.withContiguousStorageIfAvailable { mine in
            unsafe other.utf8.withContiguousStorageIfAvailable { unsafe mine.elementsEqual($0) }
        }
        return isEqual.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }
}
