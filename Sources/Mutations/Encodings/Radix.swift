/// Bytes as digits: base 16, 32, 64 and 85, bits and octal numbers.
enum Radix {
    private static let alphabet64 = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    private static let alphabet32 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    private static let alphabet16 = Array("0123456789ABCDEF")

    /// Base64 of RFC 4648, section 4.
    static func base64(_ bytes: [UInt8]) -> String {
        grouped(bytes, alphabet64, digitBits: 6, groupDigits: 4)
    }

    /// Base32 of RFC 4648, section 6.
    static func base32(_ bytes: [UInt8]) -> String {
        grouped(bytes, alphabet32, digitBits: 5, groupDigits: 8)
    }

    /// Base16 of RFC 4648, section 8.
    static func base16(_ bytes: [UInt8]) -> String {
        grouped(bytes, alphabet16, digitBits: 4, groupDigits: 2)
    }

    /// Lower-case hexadecimal pairs with spaces between them.
    static func hexPairs(_ bytes: [UInt8]) -> String {
        bytes.map { base16([$0]).lowercased() }.joined(separator: " ")
    }

    /// Eight bits a byte.
    static func binary(_ bytes: [UInt8]) -> String {
        bytes.map { padded(String($0, radix: 2), to: 8) }.joined(separator: " ")
    }

    /// Three octal digits a byte.
    static func octal(_ bytes: [UInt8]) -> String {
        bytes.map { padded(String($0, radix: 8), to: 3) }.joined(separator: " ")
    }

    /// Ascii85 as btoa and Adobe have it, without the marks around it.
    static func base85(_ bytes: [UInt8]) -> String {
        var scalars = String.UnicodeScalarView()
        for start in stride(from: 0, to: bytes.count, by: 4) {
            let group = bytes[start..<min(start + 4, bytes.count)]
            var value = (0..<4).reduce(UInt32(0)) { value, offset in
                value << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0)
            }
            if value == 0, group.count == 4 {
                scalars.append("z")
                continue
            }
            var digits: [UInt8] = []
            for _ in 0..<5 {
                digits.append(UInt8(value % 85) + 33)
                value /= 85
            }
            for digit in digits.reversed().prefix(group.count + 1) {
                scalars.append(Unicode.Scalar(digit))
            }
        }
        return String(scalars)
    }

    static func padded(_ digits: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func grouped(
        _ bytes: [UInt8], _ alphabet: [Character], digitBits: UInt32, groupDigits: Int
    ) -> String {
        var digits: [Character] = []
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            pending = (pending << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= digitBits {
                bits -= digitBits
                digits.append(alphabet[Int(pending >> bits) & (alphabet.count - 1)])
            }
        }
        if bits > 0 {
            digits.append(alphabet[Int(pending << (digitBits - bits)) & (alphabet.count - 1)])
        }
        while digits.count % groupDigits != 0 { digits.append("=") }
        return String(digits)
    }
}
