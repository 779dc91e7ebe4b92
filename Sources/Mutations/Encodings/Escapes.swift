/// Texts in the escapes of addresses, markup, source code and mail.
enum Escapes {
    /// Percent-encoding of RFC 3986: all but the unreserved bytes.
    static func percent(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let isPlain = isAlphanumeric(byte) || "-._~".utf8.contains(byte)
            result += isPlain ? ascii(byte) : "%" + Radix.base16([byte])
        }
        return result
    }

    /// A decimal character reference for each scalar.
    static func htmlEntities(_ text: String) -> String {
        text.unicodeScalars.map { "&#\($0.value);" }.joined()
    }

    /// A backslash, `u` and four digits for each UTF-16 unit, as JSON and JavaScript have it.
    static func unicode(_ text: String) -> String {
        text.utf16.map { "\\u" + Radix.padded(String($0, radix: 16), to: 4) }.joined()
    }

    /// Quoted-printable of RFC 2045, section 6.7, with soft breaks before column 76.
    static func quotedPrintable(_ text: String) -> String {
        var result = ""
        var column = 0
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A {
                result += "\r\n"
                column = 0
                continue
            }
            // White space at the end of a line has to be encoded.
            let isLast = index + 1 == bytes.count || bytes[index + 1] == 0x0A
            let isPlain = (0x21...0x7E).contains(byte) || (byte == 0x20 && !isLast)
            let piece = isPlain && byte != 0x3D ? ascii(byte) : "=" + Radix.base16([byte])
            if column + piece.utf8.count > 75 {
                result += "=\r\n"
                column = 0
            }
            result += piece
            column += piece.utf8.count
        }
        return result
    }

    /// uuencode as POSIX has it, with its first and last line.
    static func uuencode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var lines = ["begin 644 prompt.txt"]
        for start in stride(from: 0, to: bytes.count, by: 45) {
            let line = Array(bytes[start..<min(start + 45, bytes.count)])
            var digits = [sign(UInt8(line.count))]
            for offset in stride(from: 0, to: line.count, by: 3) {
                let group = (offset..<(offset + 3)).map { $0 < line.count ? line[$0] : 0 }
                let value = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                for shift in [UInt32(18), 12, 6, 0] {
                    digits.append(sign(UInt8(value >> shift & 63)))
                }
            }
            lines.append(digits.joined())
        }
        return (lines + ["`", "end"]).joined(separator: "\n")
    }

    /// A back-tick stands for zero: spaces at the end of a line get lost.
    private static func sign(_ value: UInt8) -> String {
        value == 0 ? "`" : ascii(value + 32)
    }

    private static func ascii(_ byte: UInt8) -> String {
        String(Character(Unicode.Scalar(byte)))
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
