/// One header or trailer line as it was on the wire.
public struct HeaderField: Hashable, Sendable {
    /// The name with the case it had on the wire.
    public var name: String
    /// The value without surrounding white space.
    public var value: String

    /// Creates a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Header lines in wire order; names compare without regard to ASCII case (RFC 9110, 5.1).
public struct HeaderFields: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The lines in wire order.
    public var fields: [HeaderField]

    /// Creates a list of lines.
    public init(_ fields: [HeaderField] = []) {
        self.fields = fields
    }

    /// Creates a list of lines from a literal.
    public init(arrayLiteral elements: HeaderField...) {
        self.fields = elements
    }

    /// The value of the first line with this name.
    public func first(_ name: String) -> String? {
        fields.first { asciiEqual($0.name, name) }?.value
    }

    /// Whether a line with this name is present.
    public func contains(_ name: String) -> Bool {
        first(name) != nil
    }

    /// Removes every line with this name.
    public mutating func remove(_ name: String) {
        fields.removeAll { asciiEqual($0.name, name) }
    }

    /// Replaces the first line with this name and removes the others, or appends a line.
    public mutating func set(_ name: String, _ value: String) {
        guard let index = fields.firstIndex(where: { asciiEqual($0.name, name) }) else {
            fields.append(HeaderField(name, value))
            return
        }
        let kept = HeaderField(fields[index].name, value)
        remove(name)
        fields.insert(kept, at: min(index, fields.count))
    }

    /// Appends a line.
    public mutating func append(_ name: String, _ value: String) {
        fields.append(HeaderField(name, value))
    }
}

/// Compares two strings without regard to ASCII case.
public func asciiEqual(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).allSatisfy { asciiLower($0) == asciiLower($1) }
}

/// The lower-case form of an ASCII letter; every other byte is unchanged.
public func asciiLower(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}

/// The text with ASCII letters in lower case.
public func asciiLowercased(_ text: String) -> String {
    String(decoding: text.utf8.map(asciiLower), as: UTF8.self)
}
