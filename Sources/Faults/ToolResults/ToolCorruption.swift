import Determinism

/// A kind of damage to the result of a tool.
enum ToolCorruption: String, Hashable, Sendable, CaseIterable {
    /// The lowest bit of one letter or digit is inverted: the text stays text.
    case bitFlip = "bit-flip"
    /// One character beyond ASCII is read as Latin-1 and written as UTF-8 again.
    case mojibake
    /// One double quote becomes a single one.
    case swappedQuotes = "swapped-quotes"
    /// The JSON document stops in the middle.
    case truncatedJSON = "truncated-json"

    /// The damaged bytes; the place lies inside of them.
    func damage(_ bytes: [UInt8], from place: Int) throws(Inapplicable) -> [UInt8] {
        var result = bytes
        switch self {
        case .bitFlip:
            let found = try find(in: bytes, from: place, "letter or digit") { isWordByte($0) }
            result[found] ^= 1
        case .mojibake:
            let found = try find(in: bytes, from: place, "character beyond ASCII") { $0 >= 0xC2 }
            let end = bytes[(found + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
            let misread = bytes[found..<end].flatMap { [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
            result.replaceSubrange(found..<end, with: misread)
        case .swappedQuotes:
            let quote = UInt8(ascii: "\"")
            let found = try find(in: bytes, from: place, "double quote") { $0 == quote }
            result[found] = UInt8(ascii: "'")
        case .truncatedJSON:
            guard (try? JSONValue.parse(bytes)) != nil else {
                throw Inapplicable("the result is not JSON, so it cannot be truncated JSON")
            }
            result.removeSubrange(place...)
        }
        return result
    }

    private func find(
        in bytes: [UInt8], from place: Int, _ name: String, where fits: (UInt8) -> Bool
    ) throws(Inapplicable) -> Int {
        let found =
            bytes[place...].firstIndex(where: fits) ?? bytes[..<place].firstIndex(where: fits)
        guard let found else { throw Inapplicable("the result holds no \(name)") }
        return found
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
