extension JSONParser {
    /// Reads a number and keeps its text: RFC 8259, section 6.
    mutating func parseNumber() throws(JSONError) -> String {
        let start = position
        _ = consume(UInt8(ascii: "-"))
        if consume(UInt8(ascii: "0")) {
            guard !isDigitNext else {
                throw failure(
                    .invalidNumber, at: position, "no digit may follow a leading 0; remove the 0")
            }
        } else {
            try skipDigits()
        }
        if consume(UInt8(ascii: ".")) {
            try skipDigits()
        }
        if consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) {
            if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
            try skipDigits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private var isDigitNext: Bool {
        position < bytes.count
            && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    }

    private mutating func skipDigits() throws(JSONError) {
        guard position < bytes.count else { throw endFailure("a digit") }
        guard isDigitNext else {
            throw failure(
                .invalidNumber, at: position,
                "a digit must stand here; write numbers as -1, 0.5 or 1e9")
        }
        while isDigitNext { position += 1 }
    }
}
