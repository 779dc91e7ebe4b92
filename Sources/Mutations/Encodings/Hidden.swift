/// Texts in signs that nobody sees but a model reads.
enum Hidden {
    /// ASCII as the tag characters U+E0020 to U+E007E; the rest is left out.
    static func tags(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where (0x20...0x7E).contains(scalar.value) {
            if let tag = Unicode.Scalar(0xE0000 + scalar.value) { scalars.append(tag) }
        }
        return String(scalars)
    }

    /// Each byte as one of the 256 variation selectors.
    static func selectors(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in text.utf8 {
            let value = byte < 16 ? 0xFE00 + UInt32(byte) : 0xE0100 + UInt32(byte) - 16
            if let selector = Unicode.Scalar(value) { scalars.append(selector) }
        }
        return String(scalars)
    }

    /// Each bit as an invisible operator: U+2062 for 0, U+2064 for 1.
    static func bits(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in text.utf8 {
            for shift in (0..<8).reversed() {
                scalars.append(byte >> UInt8(shift) & 1 == 0 ? "\u{2062}" : "\u{2064}")
            }
        }
        return String(scalars)
    }
}
