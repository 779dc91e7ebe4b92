import Determinism

/// Cuts the arguments of a tool call where a lenient parser would still see a valid object.
enum ArgumentPrefix {
    /// The length in UTF-8 bytes of the first `members` members, without the comma after them.
    ///
    /// Nil when the arguments are no JSON object or nothing would be lost.
    static func length(of arguments: String, members: Int) -> Int? {
        let bytes = Array(arguments.utf8)
        guard members >= 0, let object = (try? JSONValue.parse(bytes))?.objectValue,
            object.count > members
        else { return nil }
        var scanner = CommaScanner()
        for (offset, byte) in bytes.enumerated() {
            scanner.take(byte)
            if members == 0, scanner.depth == 1 { return offset + 1 }
            if members > 0, scanner.commas == members { return offset }
        }
        return nil
    }

    /// The object with its first `members` members; nil when nothing would be lost.
    static func object(_ value: JSONValue?, members: Int) -> JSONValue? {
        guard members >= 0, let object = value?.objectValue, object.count > members else {
            return nil
        }
        return .object(Array(object.prefix(members)))
    }

    /// The first bytes of a text; the cut stands before a comma or after a brace, so it splits no
    /// character.
    static func prefix(_ text: String, bytes: Int) -> String {
        String(decoding: text.utf8.prefix(max(0, bytes)), as: UTF8.self)
    }
}

/// Counts the commas between the members of the outermost object of valid JSON.
private struct CommaScanner {
    private(set) var depth = 0
    private(set) var commas = 0
    private var isInString = false
    private var isEscaped = false

    mutating func take(_ byte: UInt8) {
        if isInString {
            takeInString(byte)
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: ",") where depth == 1: commas += 1
        default: break
        }
    }

    private mutating func takeInString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        }
    }
}
