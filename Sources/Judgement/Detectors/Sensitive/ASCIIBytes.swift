/// Classes of bytes, for scanners that work on UTF-8.
extension UInt8 {
    var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isASCIIUpper: Bool { self >= 0x41 && self <= 0x5A }
    var isASCIILetter: Bool { asciiLowered >= 0x61 && asciiLowered <= 0x7A }
    var isASCIIAlphanumeric: Bool { isASCIIDigit || isASCIILetter }
    /// Letters, digits and the underscore.
    var isASCIIWord: Bool { isASCIIAlphanumeric || self == UInt8(ascii: "_") }
    var isBase64URLDigit: Bool { isASCIIWord || self == UInt8(ascii: "-") }
    var isASCIISpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

    /// The lower-case letter of an ASCII capital; any other byte as it is.
    var asciiLowered: UInt8 { isASCIIUpper ? self | 0x20 : self }

    /// The value of a decimal digit; 0 for any other byte, which the caller excludes.
    var digitValue: Int { isASCIIDigit ? Int(self) - 0x30 : 0 }

    /// The value of a hexadecimal digit of either case.
    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}

extension Array where Element == UInt8 {
    /// The byte at a place, nil outside.
    func byte(_ place: Int) -> UInt8? {
        place >= 0 && place < count ? self[place] : nil
    }

    /// Whether a text stands at a place.
    func has(_ text: [UInt8], at place: Int) -> Bool {
        guard place >= 0, place + text.count <= count else { return false }
        for offset in text.indices where self[place + offset] != text[offset] { return false }
        return true
    }

    /// The end of the run of bytes of a class from a place, at most `limit` bytes later.
    func runEnd(
        from start: Int, limit: Int = .max, _ belongs: (UInt8) -> Bool
    ) -> Int {
        let last = limit < count - start ? start + limit : count
        var end = start
        while end < last, belongs(self[end]) { end += 1 }
        return end
    }
}
