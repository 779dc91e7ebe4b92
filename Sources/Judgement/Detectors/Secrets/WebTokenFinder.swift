import Determinism

/// Finds JSON web tokens whose header is a JSON object with `alg`; source: RFC 7515, RFC 7516.
enum WebTokenFinder {
    private static let start = Array("eyJ".utf8)
    private static let headerMax = 2048
    private static let segmentMin = 4

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard bytes[place].isBase64URLDigit else {
                place += 1
                continue
            }
            let header = bytes.runEnd(from: place, \.isBase64URLDigit)
            guard header - place <= headerMax, bytes.has(start, at: place),
                let end = end(bytes, header: header), isHeader(bytes[place..<header])
            else {
                place = header
                continue
            }
            sink.add(.jwt, place..<end, in: bytes)
            place = end
        }
    }

    /// Two or four more segments; that of an unsigned token's signature may be empty.
    private static func end(_ bytes: [UInt8], header: Int) -> Int? {
        var end = header
        var segments = 0
        while segments < 4, bytes.byte(end) == UInt8(ascii: ".") {
            let next = bytes.runEnd(from: end + 1, \.isBase64URLDigit)
            guard next - end - 1 >= segmentMin else { break }
            end = next
            segments += 1
        }
        return segments >= 1 && bytes.byte(end) == 0x2E || segments >= 2 ? end : nil
    }

    private static func isHeader(_ segment: ArraySlice<UInt8>) -> Bool {
        guard let decoded = LenientBase64.decode(segment),
            let header = try? JSONValue.parse(decoded)
        else { return false }
        return header["alg"]?.stringValue != nil
    }
}
