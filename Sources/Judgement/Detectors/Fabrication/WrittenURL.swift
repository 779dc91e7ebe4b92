/// Addresses of the web as they stand in a text.
enum WrittenURL {
    private static let starts = ["https://", "http://", "ftp://", "www."].map { Array($0.utf8) }
    private static let lengthMax = 2048

    /// The end of the URL at a place, without the signs of the sentence around it.
    static func end(_ bytes: [UInt8], at start: Int) -> Int? {
        guard let begin = starts.first(where: { bytes.hasLowered($0, at: start) }) else {
            return nil
        }
        let first = start + begin.count
        var end = bytes.runEnd(from: first, limit: lengthMax) {
            !$0.isASCIISpace && !"\"<>`\\^{}|".utf8.contains($0)
        }
        while end > first, let last = bytes.byte(end - 1), isAround(last, bytes[start..<(end - 1)])
        {
            end -= 1
        }
        return end > first ? end : nil
    }

    /// A closing bracket belongs to the URL when it has an opening one.
    private static func isAround(_ byte: UInt8, _ before: ArraySlice<UInt8>) -> Bool {
        if byte == UInt8(ascii: ")") { return !before.contains(UInt8(ascii: "(")) }
        if byte == UInt8(ascii: "]") { return !before.contains(UInt8(ascii: "[")) }
        return ".,;:!?'*_".utf8.contains(byte)
    }

    /// Scheme and host in lower case, without `www.`, default port, and slash at the end.
    static func normalised(_ url: ArraySlice<UInt8>) -> [UInt8] {
        var text = Array(url)
        if let scheme = starts.dropLast().first(where: { text.hasLowered($0, at: 0) }) {
            text.removeFirst(scheme.count)
        }
        let hostEnd = text.firstIndex { "/?#".utf8.contains($0) } ?? text.count
        var host = text[..<hostEnd].lowered
        if host.starts(with: "www.".utf8) { host.removeFirst(4) }
        for port in [":80", ":443"].map({ Array($0.utf8) })
        where host.count > port.count && host.has(port, at: host.count - port.count) {
            host.removeLast(port.count)
        }
        var rest = text[hostEnd...]
        while rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        return host + rest
    }
}

extension Array where Element == UInt8 {
    /// Whether a text of lower case stands at a place in any case.
    func hasLowered(_ text: [UInt8], at place: Int) -> Bool {
        guard place >= 0, place + text.count <= count else { return false }
        for offset in text.indices where self[place + offset].asciiLowered != text[offset] {
            return false
        }
        return true
    }
}
