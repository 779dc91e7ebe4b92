/// A strict parser of RFC 8259 on bytes; recursion is bounded by the limits.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    private var depth = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytesMax else {
            throw failure(
                .sizeLimit, at: limits.bytesMax,
                "at most \(limits.bytesMax) bytes are allowed, these are \(bytes.count); "
                    + "send less or raise the limit")
        }
        skipWhitespace()
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else {
            throw failure(
                .trailingBytes, at: position, "only one value is allowed; remove what follows it")
        }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        guard position < bytes.count else { throw endFailure("a value") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try parseNumber())
        case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", .null)
        default: throw byteFailure("a value")
        }
    }

    private mutating func parseArray() throws(JSONError) -> JSONValue {
        try descend()
        skipWhitespace()
        var elements: [JSONValue] = []
        if consume(UInt8(ascii: "]")) {
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try parseValue())
            skipWhitespace()
            if consume(UInt8(ascii: ",")) {
                skipWhitespace()
            } else if consume(UInt8(ascii: "]")) {
                depth -= 1
                return .array(elements)
            } else {
                throw mismatch("',' or ']'")
            }
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONValue {
        try descend()
        skipWhitespace()
        var members: [JSONMember] = []
        if consume(UInt8(ascii: "}")) {
            depth -= 1
            return .object(members)
        }
        var seen = SeenKeys()
        while true {
            let member = try parseMember(after: members, &seen)
            members.append(member)
            skipWhitespace()
            if consume(UInt8(ascii: ",")) {
                skipWhitespace()
            } else if consume(UInt8(ascii: "}")) {
                depth -= 1
                return .object(members)
            } else {
                throw mismatch("',' or '}'")
            }
        }
    }

    private mutating func parseMember(
        after members: [JSONMember], _ seen: inout SeenKeys
    ) throws(JSONError) -> JSONMember {
        let start = position
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw mismatch("a member's name in double quotes")
        }
        let key = try parseString()
        guard seen.insert(key, after: members) else {
            throw failure(
                .duplicateKey, at: start,
                "a name is allowed once in an object, '\(key)' is there twice; remove one")
        }
        skipWhitespace()
        guard consume(UInt8(ascii: ":")) else { throw mismatch("':'") }
        skipWhitespace()
        return JSONMember(key, try parseValue())
    }

    private mutating func parseLiteral(
        _ text: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for expected in text.description.utf8 where !consume(expected) {
            throw mismatch("the literal '\(text)'")
        }
        return value
    }

    /// Enters an array or object, whose bracket is the next byte.
    private mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= limits.depthMax else {
            throw failure(
                .depthLimit, at: position,
                "arrays and objects may be nested \(limits.depthMax) deep; flatten the value")
        }
        position += 1
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func consume(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}

/// The names of one object so far: compared one by one while few, in a set when many.
private struct SeenKeys {
    private static let linearMax = 16
    // Only membership is asked of the set, never its order.
    private var many: Set<ExactKey> = []

    /// Notes a name; false when the members before it have it already.
    mutating func insert(_ key: String, after members: [JSONMember]) -> Bool {
        if members.count < Self.linearMax {
            return !members.contains { $0.key.isByteEqual(to: key) }
        }
        if many.isEmpty {
            for member in members { many.insert(ExactKey(text: member.key)) }
        }
        return many.insert(ExactKey(text: key)).inserted
    }

    private struct ExactKey: Hashable {
        let text: String

        static func == (lhs: ExactKey, rhs: ExactKey) -> Bool {
            lhs.text.isByteEqual(to: rhs.text)
        }
    }
}
