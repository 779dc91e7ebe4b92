internal import Determinism

extension ScriptSafe {
    /// What a byte of ASCII takes as written.
    private static let costs: [Int] = (0..<UInt8(128)).map { byte in
        size(of: String(Unicode.Scalar(byte))) - 2
    }

    /// How many bytes a text takes as written, quotes and escapes counted.
    static func size(of text: String) -> Int { bytes(.string(text)).count }

    /// A text that takes no more than so many bytes as written, and how many bytes are missing.
    ///
    /// Escapes make a text longer than its bytes, and not everywhere by as much: each sign of it is
    /// counted.
    static func cut(_ text: String, to most: Int, max bytesMax: Int = TextTable.bytesMax) -> String
    {
        let count = text.utf8.count
        if count <= bytesMax, fits(text, most) { return text }
        // The number that is written in the end has no more digits than this one.
        let room = most - 2 - missing(count).utf8.count
        guard room >= 0 else { return most >= size(of: "…") ? "…" : "" }
        let kept = prefix(text, to: room, max: bytesMax)
        return kept + missing(count - kept.utf8.count)
    }

    /// Whether it takes no more than so many bytes as written.
    static func fits(_ text: String, _ most: Int) -> Bool {
        let count = text.utf8.count
        // No sign takes less than its bytes, and none more than six for each.
        if count + 2 > most { return false }
        return count * 6 + 2 <= most || size(of: text) <= most
    }

    /// The first signs of a text that take no more than so many bytes as written, without quotes.
    static func prefix(_ text: String, to most: Int, max bytesMax: Int = .max) -> String {
        var left = most
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            let length = UTF8.width(scalar)
            let cost =
                scalar.isASCII ? costs[Int(scalar.value)] : size(of: String(scalar)) - 2
            guard cost <= left, count + length <= bytesMax else { break }
            left -= cost
            count += length
            kept.append(scalar)
        }
        return String(kept)
    }

    private static func missing(_ count: Int) -> String { " … \(count) more bytes" }
}
