/// A body as text: bytes that are no UTF-8 are shown as `⟨FF⟩`, binary data as a dump.
struct BodyText {
    /// How many bytes a dump shows.
    static let dumpBytesMax = 2_048
    private static let digits = Array("0123456789ABCDEF")

    let text: String
    let isBinary: Bool
    /// How many of the bytes the text shows.
    let shownCount: Int
    /// Whether there was no room for all that would be shown.
    private(set) var isCut = false
    /// Whether the text is the bytes.
    private let isExact: Bool

    init(_ bytes: [UInt8]) {
        let (decoded, wrong) = BodyText.decoded(bytes)
        isExact = wrong == 0
        let controls = bytes.count { $0 < 0x09 || (0x0E..<0x20).contains($0) && $0 != 0x1B }
        isBinary = bytes.contains(0) && (wrong + controls) * 8 > bytes.count
        shownCount = isBinary ? min(bytes.count, BodyText.dumpBytesMax) : bytes.count
        text = isBinary ? BodyText.dump(bytes) : decoded
    }

    /// As much of a body as takes no more than so many bytes as written.
    init(_ bytes: [UInt8], fitting most: Int) {
        // A dump takes more than four bytes for each that it shows.
        if bytes.count + 2 <= most || most >= 4 * BodyText.dumpBytesMax {
            let whole = BodyText(bytes)
            if ScriptSafe.fits(whole.text, most) {
                self = whole
                return
            }
        }
        self = BodyText.head(bytes, most)
        isCut = !bytes.isEmpty
    }

    private init(text: String) {
        self.text = text
        isBinary = false
        isExact = true
        shownCount = text.utf8.count
    }

    private static func head(_ bytes: [UInt8], _ most: Int) -> BodyText {
        var count = min(bytes.count, max(0, most - 2))
        while count > 0 {
            let text = BodyText(Array(bytes.prefix(whole(bytes, count))))
            if text.isExact, !text.isBinary {
                return BodyText(text: ScriptSafe.prefix(text.text, to: most - 2))
            }
            let size = ScriptSafe.size(of: text.text)
            if size <= most { return text }
            count = min(count - 1, count * most / size)
        }
        return BodyText([])
    }

    /// How many bytes end with a whole sign.
    private static func whole(_ bytes: [UInt8], _ count: Int) -> Int {
        var end = count
        while end > max(0, count - 3), end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// The text, and how many bytes were wrong in it.
    private static func decoded(_ bytes: [UInt8]) -> (text: String, wrong: Int) {
        if let text = String(validating: bytes, as: UTF8.self) { return (text, 0) }
        var text = String.UnicodeScalarView()
        var wrong = 0
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var place = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded):
                text.append(UTF8.decode(encoded))
                place += encoded.count
            case .error(let count):
                for byte in bytes[place..<min(bytes.count, place + count)] {
                    text.append(contentsOf: "⟨\(hex(byte))⟩".unicodeScalars)
                }
                wrong += count
                place += count
            case .emptyInput: return (String(text), wrong)
            }
        }
    }

    private static func dump(_ bytes: [UInt8]) -> String {
        let shown = Array(bytes.prefix(dumpBytesMax))
        let lines = stride(from: 0, to: shown.count, by: 16).map { start in
            let row = shown[start..<min(shown.count, start + 16)]
            let number = String(start, radix: 16)
            let place = String(repeating: "0", count: max(0, 4 - number.count)) + number
            let codes = row.map(hex).joined(separator: " ")
            let gap = String(repeating: " ", count: 3 * (16 - row.count) + 2)
            let signs = row.map { (0x20..<0x7F).contains($0) ? Character(.init($0)) : "·" }
            return "\(place)  \(codes)\(gap)\(String(signs))"
        }
        return lines.joined(separator: "\n")
    }

    private static func hex(_ byte: UInt8) -> String {
        String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
