internal import Determinism

/// JSON that may be shown in a terminal: besides what JSON itself asks for, characters that steer a
/// terminal, turn text round or cannot be seen are written as escapes.
///
/// They stand in strings only, so that the value is the same.
enum SafeJSON {
    /// A value with its members in their order, and the newline that ends a text file.
    static func bytes(_ value: JSONValue) -> [UInt8] {
        visible(value.encoded()) + [0x0A]
    }

    /// The bytes of a JSON text with such characters escaped.
    static func visible(_ json: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(json.count)
        var start = 0
        for index in json.indices where isLead(json[index]) {
            guard index >= start, let (scalar, count) = hidden(json, index) else { continue }
            out += json[start..<index]
            out += Array(escape(scalar).utf8)
            start = index + count
        }
        out += json[start...]
        return out
    }

    /// Whether a hidden character can begin with this byte: most do not, and are passed quickly.
    private static func isLead(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x7F, 0xC2, 0xD8, 0xE2, 0xEF: true
        default: false
        }
    }

    private static func hidden(_ json: [UInt8], _ index: Int) -> (scalar: UInt32, count: Int)? {
        let lead = UInt32(json[index])
        let next = json.dropFirst(index + 1).prefix(2).map { UInt32($0 & 0x3F) }
        let scalar: UInt32
        let count: Int
        switch lead {
        case 0x7F: (scalar, count) = (0x7F, 1)
        case 0xC2, 0xD8:
            guard next.count >= 1 else { return nil }
            (scalar, count) = ((lead & 0x1F) << 6 | next[0], 2)
        default:
            guard next.count == 2 else { return nil }
            (scalar, count) = ((lead & 0x0F) << 12 | next[0] << 6 | next[1], 3)
        }
        return isHidden(scalar) ? (scalar, count) : nil
    }

    private static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    private static func escape(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
