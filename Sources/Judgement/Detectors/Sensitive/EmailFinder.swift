/// Finds e-mail addresses: an unquoted local part, and a domain with a top level of letters.
enum EmailFinder {
    private static let localMax = 64
    private static let domainMax = 253
    private static let lookBack = 80
    private static let fileEndings: Set<String> = [
        "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "json", "html", "pdf", "mp4",
    ]

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        for place in bytes.indices where bytes[place] == UInt8(ascii: "@") {
            if let range = range(around: place, in: bytes) { sink.add(.email, range, in: bytes) }
        }
    }

    /// The address around an at sign.
    static func range(around place: Int, in bytes: [UInt8]) -> Range<Int>? {
        guard let start = localStart(place, bytes), let end = domainEnd(place + 1, bytes) else {
            return nil
        }
        if bytes.has(Array("git@".utf8), at: start),
            bytes.byte(end) == UInt8(ascii: ":") || isAfterScheme(start, bytes)
        {
            return nil
        }
        return isPassword(start, bytes) ? nil : start..<end
    }

    static func isLocal(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || "._%+'-".utf8.contains(byte)
    }

    private static func localStart(_ place: Int, _ bytes: [UInt8]) -> Int? {
        var start = place
        while start > 0, place - start <= localMax, isLocal(bytes[start - 1]) { start -= 1 }
        guard place - start <= localMax else { return nil }
        while start < place, !bytes[start].isASCIIWord { start += 1 }
        guard start < place, bytes[place - 1] != UInt8(ascii: ".") else { return nil }
        for offset in start..<place where bytes.has([0x2E, 0x2E], at: offset) { return nil }
        return start
    }

    private static func domainEnd(_ start: Int, _ bytes: [UInt8]) -> Int? {
        var end = bytes.runEnd(from: start, limit: domainMax + 1) {
            $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
        guard end - start <= domainMax else { return nil }
        while end > start, !bytes[end - 1].isASCIIAlphanumeric { end -= 1 }
        let labels = bytes[start..<end].split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last, top.count >= 2,
            top.allSatisfy(\.isASCIILetter) || top.lowered.starts(with: "xn--".utf8),
            labels.allSatisfy({ !$0.isEmpty && $0.first != 0x2D && $0.last != 0x2D })
        else { return nil }
        return fileEndings.contains(String(decoding: top.lowered, as: UTF8.self)) ? nil : end
    }

    /// Whether the local part is the password of `scheme://user:password@host`.
    ///
    /// An address that only stands behind a URL, in its query or in another field, is none.
    private static func isPassword(_ start: Int, _ bytes: [UInt8]) -> Bool {
        var place = start
        var hasColon = false
        while place > max(0, start - lookBack), !endsUser(bytes[place - 1]) {
            place -= 1
            if bytes[place] == UInt8(ascii: ":") { hasColon = true }
        }
        return hasColon && isAfterScheme(place, bytes)
    }

    private static func isAfterScheme(_ place: Int, _ bytes: [UInt8]) -> Bool {
        bytes.has(Array("://".utf8), at: place - 3)
    }

    /// Whether a byte cannot stand between the scheme and the at sign.
    private static func endsUser(_ byte: UInt8) -> Bool {
        byte.isASCIISpace || "\"'<>,?#&=/".utf8.contains(byte)
    }
}
