extension JSONParser {
    /// Reads a string, whose opening quote is the next byte.
    mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        skipPlain()
        guard position < bytes.count else { throw endFailure("a closing quote") }
        if bytes[position] == UInt8(ascii: "\"") {
            // The common case: what is between the quotes is the text.
            let text = String(validating: bytes[start..<position], as: UTF8.self)
            guard let text else { throw encodingFailure(from: start) }
            position += 1
            return text
        }
        return try parseEscaped(from: start)
    }

    private mutating func parseEscaped(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard let text = String(validating: text, as: UTF8.self) else {
                    throw encodingFailure(from: start)
                }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                try parseEscape(into: &text)
            default:
                throw failure(
                    .controlCharacter, at: position,
                    "control characters must be escaped in a string; write \\n, \\t or \\u00xx")
            }
            let plainStart = position
            skipPlain()
            text.append(contentsOf: bytes[plainStart..<position])
        }
        throw endFailure("a closing quote")
    }

    /// Moves to the next quote, backslash or control character, or to the end.
    private mutating func skipPlain() {
        var next = position
        while next < bytes.count {
            let byte = bytes[next]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            next += 1
        }
        position = next
    }

    /// Reads an escape, whose backslash is the next byte, and appends what it stands for.
    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        let start = position
        guard start + 1 < bytes.count else { throw endFailure("an escape") }
        position += 2
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            text.append(bytes[start + 1])
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "u"):
            let scalar = try parseScalar(escapeAt: start)
            text.append(contentsOf: scalar.utf8)
        default:
            throw escapeFailure(at: start)
        }
    }

    /// Reads what follows `\u`, and the second escape of a surrogate pair.
    private mutating func parseScalar(escapeAt start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try parseHexDigits(escapeAt: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        // A surrogate: a high one must be followed by the escape of a low one.
        let secondStart = position
        guard first < 0xDC00 else { throw surrogateFailure(at: start) }
        guard consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) else {
            guard position < bytes.count else { throw endFailure("the second half of a pair") }
            throw surrogateFailure(at: start)
        }
        let second = try parseHexDigits(escapeAt: secondStart)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw surrogateFailure(at: start) }
        return scalar
    }

    private mutating func parseHexDigits(escapeAt start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count else { throw endFailure("four hexadecimal digits") }
            guard let digit = hexDigitValue(bytes[position]) else {
                throw escapeFailure(at: start)
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private func escapeFailure(at offset: Int) -> JSONError {
        failure(
            .invalidEscape, at: offset,
            "allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits; "
                + "double the backslash if it is meant literally")
    }

    private func surrogateFailure(at offset: Int) -> JSONError {
        failure(
            .loneSurrogate, at: offset,
            "surrogates are allowed in pairs only, a high and a low one; write both or neither")
    }

    /// Finds the offending byte in a string that was found not to be UTF-8.
    private func encodingFailure(from start: Int) -> JSONError {
        let offset = start + validUTF8Count(bytes[start..<position])
        return failure(
            .invalidUTF8, at: offset,
            "strings must be UTF-8; encode the text as UTF-8 and try again")
    }
}

/// How many bytes there are before the first that is not part of well-formed UTF-8.
///
/// Source: the Unicode standard, table 3-7. Used to place an error, never on good input.
func validUTF8Count(_ bytes: ArraySlice<UInt8>) -> Int {
    var position = bytes.startIndex
    while position < bytes.endIndex {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[position] {
        case 0x00...0x7F: (length, second) = (1, 0x80...0xBF)
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return position - bytes.startIndex
        }
        let isWhole = (1..<length).allSatisfy { distance in
            position + distance < bytes.endIndex
                && (distance == 1 ? second : 0x80...0xBF).contains(bytes[position + distance])
        }
        guard isWhole else { break }
        position += length
    }
    return position - bytes.startIndex
}
