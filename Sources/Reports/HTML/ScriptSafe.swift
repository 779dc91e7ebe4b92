internal import Determinism

/// JSON that can stand in a script element, and in an editor, whatever its texts say.
///
/// Nothing in it can end the element or open a comment, and no character of it is invisible or
/// turns the order of others round: all such are escapes of JSON.
enum ScriptSafe {
    static func bytes(_ value: JSONValue) -> [UInt8] {
        let text = value.encoded()
        var out: [UInt8] = []
        out.reserveCapacity(text.count + text.count / 16)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x7F {
                if byte == 0x3C || byte == 0x3E || byte == 0x26 {
                    out += escape(UInt16(byte))
                } else {
                    out.append(byte)
                }
                index += 1
                continue
            }
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            let end = min(text.count, index + length)
            out += shown(text[index..<end])
            index = end
        }
        return out
    }

    /// One character beyond ASCII, or DEL, as it is or as an escape.
    private static func shown(_ encoded: ArraySlice<UInt8>) -> [UInt8] {
        guard let scalar = String(decoding: encoded, as: UTF8.self).unicodeScalars.first else {
            return []
        }
        return scalar.isHidden ? scalar.utf16.flatMap(escape) : Array(encoded)
    }

    private static func escape(_ unit: UInt16) -> [UInt8] {
        let digits = String(unit, radix: 16)
        return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}
