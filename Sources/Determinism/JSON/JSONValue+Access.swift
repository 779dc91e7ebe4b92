extension JSONValue {
    /// The text of a string; nil for any other value.
    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The digits of a number as written; nil for any other value.
    public var numberText: String? {
        if case .number(let text) = self { text } else { nil }
    }

    /// The value of a number written as an integer of 64 bits; nil for any other value.
    public var intValue: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }

    /// The value of a Boolean; nil for any other value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array; nil for any other value.
    public var arrayValue: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object in their order; nil for any other value.
    public var objectValue: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The value of an object's first member with this name.
    ///
    /// Setting replaces that member in its place or appends one; setting nil removes all members
    /// with the name. Setting has no effect on a value that is not an object.
    public subscript(key: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.key.isByteEqual(to: key) }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            if let newValue {
                if let place = members.firstIndex(where: { $0.key.isByteEqual(to: key) }) {
                    members[place].value = newValue
                } else {
                    members.append(JSONMember(key, newValue))
                }
            } else {
                members.removeAll { $0.key.isByteEqual(to: key) }
            }
            self = .object(members)
        }
    }

    /// The element of an array at this place, counted from 0.
    ///
    /// Setting replaces the element; setting nil removes it. Setting has no effect on a value that
    /// is not an array, nor on a place that it does not have.
    public subscript(index: Int) -> JSONValue? {
        get {
            guard case .array(let elements) = self, elements.indices.contains(index) else {
                return nil
            }
            return elements[index]
        }
        set {
            guard case .array(var elements) = self, elements.indices.contains(index) else { return }
            if let newValue {
                elements[index] = newValue
            } else {
                elements.remove(at: index)
            }
            self = .array(elements)
        }
    }

    /// The value that a JSON Pointer such as `/choices/0/delta` names; nil when there is none.
    ///
    /// Source: RFC 6901. The empty pointer names the whole value.
    public subscript(pointer pointer: String) -> JSONValue? {
        guard !pointer.isEmpty else { return self }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var current = self
        for token in pointer.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            guard let key = Self.unescaped(token), let child = current.child(key) else {
                return nil
            }
            current = child
        }
        return current
    }

    private func child(_ token: String) -> JSONValue? {
        switch self {
        case .object: return self[token]
        case .array:
            // An index is written in one way only: no sign, no leading zero.
            guard let index = Int(token), String(index) == token else { return nil }
            return self[index]
        default: return nil
        }
    }

    private static func unescaped(_ token: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = token.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.next() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
