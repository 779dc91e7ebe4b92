/// Finds private keys in PEM form, also with their line feeds escaped; source: RFC 7468, and for
/// the headers of encrypted keys RFC 1421.
enum PrivateKeyFinder {
    private static let begin = Array("-----BEGIN ".utf8)
    private static let finish = Array("-----END ".utf8)
    private static let title = Array("PRIVATE KEY".utf8)
    private static let titleMax = 48
    private static let bodyMin = 16

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard bytes[place] == 0x2D, bytes.has(begin, at: place),
                let body = titleEnd(bytes, place + begin.count)
            else {
                place += 1
                continue
            }
            var end = bodyEnd(bytes, body)
            // A title without a key, as a manual prints it, is none.
            let isKey = bytes[body..<end].count(where: \.isASCIIAlphanumeric) >= bodyMin
            if isKey {
                if bytes.has(finish, at: end), let close = titleEnd(bytes, end + finish.count) {
                    end = close
                }
                sink.add(.pemPrivateKey, place..<end, in: bytes)
            }
            place = end
        }
    }

    /// A single hyphen stands in the headers of an encrypted key, `Proc-Type` and `DEK-Info`.
    private static func bodyEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var end = bytes.runEnd(from: start, belongs)
        while bytes.byte(end) == 0x2D, let next = bytes.byte(end + 1), next != 0x2D {
            end = bytes.runEnd(from: end + 1, belongs)
        }
        return end
    }

    private static func belongs(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isASCIISpace || "+/=\\:,".utf8.contains(byte)
    }

    /// The end of `RSA PRIVATE KEY-----` and its like.
    private static func titleEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        let end = bytes.runEnd(from: start, limit: titleMax) { $0.isASCIIUpper || $0 == 0x20 }
        let words = Array(bytes[start..<end])
        guard bytes.has(Array("-----".utf8), at: end),
            words.indices.contains(where: { words.has(title, at: $0) })
        else { return nil }
        return end + 5
    }
}
