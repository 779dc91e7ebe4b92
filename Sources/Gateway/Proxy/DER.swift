/// Writes values in the distinguished encoding of ASN.1 (X.690), as far as certificates need it.
enum DER {
    enum Tag: UInt8 {
        case boolean = 0x01
        case integer = 0x02
        case bitString = 0x03
        case octetString = 0x04
        case objectIdentifier = 0x06
        case utf8String = 0x0C
        case utcTime = 0x17
        case sequence = 0x30
        case set = 0x31
    }

    static func value(_ tag: Tag, _ content: [UInt8]) -> [UInt8] {
        tagged(tag.rawValue, content)
    }

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] {
        value(.sequence, parts.flatMap { $0 })
    }

    /// A value with a tag of its context: `[number]`, made of other values or not.
    static func context(
        _ number: UInt8, constructed: Bool = false, _ content: [UInt8]
    ) -> [UInt8] {
        tagged((constructed ? 0xA0 : 0x80) | (number & 0x1F), content)
    }

    /// A number that is not negative, in big-endian order.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        var content = Array(magnitude.drop { $0 == 0 })
        // The first bit is the sign.
        if content.first.map({ $0 >= 0x80 }) ?? true { content.insert(0, at: 0) }
        return value(.integer, content)
    }

    /// Bits of which the last `unused` do not count.
    static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] {
        value(.bitString, [unused] + bytes)
    }

    static func identifier(_ arcs: [UInt32]) -> [UInt8] {
        guard arcs.count >= 2 else { return value(.objectIdentifier, []) }
        let first = arcs[0] * 40 + arcs[1]
        return value(.objectIdentifier, ([first] + arcs.dropFirst(2)).flatMap(base128))
    }

    static func text(_ text: String) -> [UInt8] {
        value(.utf8String, Array(text.utf8))
    }

    private static func base128(_ number: UInt32) -> [UInt8] {
        var bytes = [UInt8(number & 0x7F)]
        var rest = number >> 7
        while rest > 0 {
            bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return bytes
    }

    private static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
