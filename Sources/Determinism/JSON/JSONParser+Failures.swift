extension JSONParser {
    func failure(_ code: JSONError.Code, at offset: Int, _ message: String) -> JSONError {
        JSONError(code: code, offset: offset, message: message)
    }

    /// The next byte is not what must come here, or there is none.
    func mismatch(_ expected: String) -> JSONError {
        position < bytes.count ? byteFailure(expected) : endFailure(expected)
    }

    func byteFailure(_ expected: String) -> JSONError {
        failure(
            .unexpectedByte, at: position,
            "expected \(expected), found \(Self.name(bytes[position])); correct the text there")
    }

    func endFailure(_ expected: String) -> JSONError {
        failure(
            .unexpectedEnd, at: bytes.count,
            "expected \(expected), found the end; was the text cut?")
    }

    private static func name(_ byte: UInt8) -> String {
        if (0x21...0x7E).contains(byte) {
            return "'\(Character(Unicode.Scalar(byte)))'"
        }
        let digits = [hexDigit(UInt32(byte >> 4)), hexDigit(UInt32(byte & 15))]
        return "the byte 0x\(String(decoding: digits, as: UTF8.self))"
    }
}
