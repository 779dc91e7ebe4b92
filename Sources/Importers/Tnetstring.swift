/// A value in mitmproxy's form of tagged netstrings: `LENGTH:DATA` and one byte for the type.
///
/// Source: mitmproxy/io/tnetstring.py. `,` bytes, `;` text, `#` integer, `^` float, `!` truth
/// value, `~` nothing, `}` map, `]` list.
struct TnetstringReader {
    private static let depthMax = 64
    private static let nodesMax = 2_000_000
    private static let lengthDigitsMax = 12

    private let bytes: [UInt8]
    private var nodeCount = 0

    /// Whether the bytes begin as a map in this form.
    static func isTnetstring(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.prefix(lengthDigitsMax).prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard !digits.isEmpty, digits.count < bytes.count,
            bytes[digits.count] == UInt8(ascii: ":")
        else { return false }
        let next = bytes[(digits.count + 1)...].prefix(lengthDigitsMax)
        let inner = next.prefix { $0 >= 0x30 && $0 <= 0x39 }
        return !inner.isEmpty && next.dropFirst(inner.count).first == UInt8(ascii: ":")
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The values that stand one behind the other, up to damage, and what is wrong there.
    static func read(_ bytes: [UInt8]) -> (values: [ImportTree], failure: ImportError?) {
        var reader = TnetstringReader(bytes)
        var values: [ImportTree] = []
        var place = 0
        do {
            while place < bytes.count {
                values.append(try reader.value(&place, end: bytes.count, depth: 1))
            }
        } catch {
            return (values, error)
        }
        return (values, nil)
    }

    private mutating func value(
        _ place: inout Int, end: Int, depth: Int
    ) throws(ImportError) -> ImportTree {
        nodeCount += 1
        guard nodeCount <= Self.nodesMax, depth <= Self.depthMax else {
            throw ImportError(
                .tooLarge,
                "the flows hold more than \(Self.nodesMax) values or nest deeper than "
                    + "\(Self.depthMax) levels")
        }
        let start = place
        var length = 0
        while place < end, place - start < Self.lengthDigitsMax, bytes[place] >= 0x30,
            bytes[place] <= 0x39
        {
            length = length * 10 + Int(bytes[place] - 0x30)
            place += 1
        }
        guard place > start, place < end, bytes[place] == UInt8(ascii: ":"),
            length < end - place - 1
        else {
            throw ImportError(
                .malformed,
                "the flow is cut short or damaged at byte \(start); the flows before "
                    + "it are kept")
        }
        let data = (place + 1)..<(place + 1 + length)
        place = data.upperBound + 1
        return try value(type: bytes[data.upperBound], data, depth: depth)
    }

    private mutating func value(
        type: UInt8, _ data: Range<Int>, depth: Int
    ) throws(ImportError) -> ImportTree {
        switch type {
        case UInt8(ascii: ","): return .bytes(Array(bytes[data]))
        case UInt8(ascii: ";"), UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "!"):
            let isPlain = type != UInt8(ascii: ";")
            return .text(String(decoding: bytes[data], as: UTF8.self), isPlain: isPlain)
        case UInt8(ascii: "~"): return .null
        case UInt8(ascii: "]"): return .list(try elements(data, depth: depth))
        case UInt8(ascii: "}"):
            let flat = try elements(data, depth: depth)
            var pairs: [(key: String, value: ImportTree)] = []
            for start in stride(from: 0, to: flat.count - 1, by: 2) {
                guard let key = flat[start].string else { continue }
                pairs.append((key, flat[start + 1]))
            }
            return .map(pairs)
        default:
            throw ImportError(
                .malformed, "the flow has a value of unknown type at byte \(data.upperBound)")
        }
    }

    private mutating func elements(
        _ data: Range<Int>, depth: Int
    ) throws(ImportError) -> [ImportTree] {
        var elements: [ImportTree] = []
        var place = data.lowerBound
        while place < data.upperBound {
            elements.append(try value(&place, end: data.upperBound, depth: depth + 1))
        }
        return elements
    }
}
