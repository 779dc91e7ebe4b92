/// One line of a stream of JSON documents: its exact bytes, and the document.
public struct JSONLine: Hashable, Sendable {
    /// The bytes of the line, with its line feed.
    public let bytes: [UInt8]
    /// Whether a line feed ends the line; the last one of a stream may lack it.
    public let endsWithLineFeed: Bool
    /// The document as text; nil for a blank line.
    public let data: String?
    private let content: Range<Int>

    /// Reads a line.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        endsWithLineFeed = bytes.last == 0x0A
        let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else {
            content = 0..<0
            data = nil
            return
        }
        content = first..<(last + 1)
        data = String(decoding: bytes[content], as: UTF8.self)
    }

    /// Builds a fresh line.
    public init(data: [UInt8]) {
        self.init(bytes: data + [0x0A])
    }

    /// Whether a client sees the line: it does not wait for a line feed at the end of the body.
    var isTerminated: Bool {
        endsWithLineFeed || bytes.last == UInt8(ascii: "}")
    }

    /// The same line with another document.
    func replacingData(_ data: [UInt8]) -> JSONLine {
        JSONLine(bytes: bytes[..<content.lowerBound] + data + bytes[content.upperBound...])
    }
}
