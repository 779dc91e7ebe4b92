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
            for unit in scalar.utf16 { out += Array(escape(unit).utf8) }
            start = index + count
        }
        out += json[start...]
        return out
    }

    /// Whether a hidden character can begin with this byte: most do not, and are passed quickly.
    private static func isLead(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x7F, 0xC2, 0xD8, 0xE1, 0xE2, 0xEF, 0xF3: true
        default: false
        }
    }

    private static func hidden(
        _ json: [UInt8], _ index: Int
    ) -> (scalar: Unicode.Scalar, count: Int)? {
        let lead = json[index]
        let count = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        let encoded = json[index...].prefix(count)
        guard encoded.count == count,
            let scalar = String(decoding: encoded, as: UTF8.self).unicodeScalars.first,
            scalar.isHidden
        else { return nil }
        return (scalar, count)
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
