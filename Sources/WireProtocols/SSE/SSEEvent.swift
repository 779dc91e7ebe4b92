/// One frame of an event stream: its exact bytes, and what they say.
///
/// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6. The
/// parsed view replaces what is not UTF-8 by U+FFFD; the bytes stay as they are.
public struct SSEEvent: Hashable, Sendable {
    /// The bytes of the frame, with the blank line that ends it.
    public let bytes: [UInt8]
    /// Whether a blank line ends the frame; without it no client dispatches the event.
    public let isTerminated: Bool
    /// The value of the last `event` field.
    public let event: String?
    /// The values of the `data` fields, joined by line feeds; nil when there is none.
    public let data: String?
    /// The value of the last `id` field without a NUL.
    public let id: String?
    /// The reconnection time in milliseconds.
    public let retry: Int?
    /// The comments without their colons.
    public let comments: [String]
    /// Whether the frame opens the stream with a byte order mark, which belongs to no field.
    let hasByteOrderMark: Bool

    /// Reads a frame; only the first of a stream may start with a byte order mark.
    init(frame bytes: [UInt8], isTerminated: Bool, isFirst: Bool) {
        self.bytes = bytes
        self.isTerminated = isTerminated
        self.hasByteOrderMark = isFirst && bytes.starts(with: Self.byteOrderMark)
        var fields = SSEFields()
        let start = hasByteOrderMark ? Self.byteOrderMark.count : 0
        for line in SSELine.split(bytes, from: start) where !line.content.isEmpty {
            let (name, value) = line.field(in: bytes)
            fields.add(name: name, value: value)
        }
        self.event = fields.event
        self.data = fields.data
        self.id = fields.id
        self.retry = fields.retry
        self.comments = fields.comments
    }

    /// Whether it is comments and nothing else.
    var isKeepAlive: Bool {
        data == nil && event == nil && !comments.isEmpty
    }

    /// Builds a fresh event; line ends in `data` become several `data` lines.
    public init(event: String? = nil, data: String, lineEnding: SSELineEnding = .lf) {
        var bytes: [UInt8] = []
        if let event { bytes += Array("event: ".utf8) + Array(event.utf8) + lineEnding.bytes }
        bytes += Self.dataLines(data, prefix: "data: ", ending: lineEnding.bytes)
        bytes += lineEnding.bytes
        self.init(frame: bytes, isTerminated: true, isFirst: false)
    }

    /// The same frame with other data: its other lines and the style of its lines stay.
    public func replacingData(_ text: String) -> SSEEvent {
        let start = hasByteOrderMark ? Self.byteOrderMark.count : 0
        let lines = SSELine.split(bytes, from: start)
        let dataPlaces = lines.indices.filter { lines[$0].isData(in: bytes) }
        var result = Array(bytes[..<start])
        guard let first = dataPlaces.first, let last = dataPlaces.last else {
            let ending = lines.first.map { Array(bytes[$0.ending]) } ?? []
            result += Self.dataLines(
                text, prefix: "data: ", ending: ending.isEmpty ? SSELineEnding.lf.bytes : ending)
            result += bytes[start...]
            return SSEEvent(frame: result, isTerminated: isTerminated, isFirst: hasByteOrderMark)
        }
        for (place, line) in lines.enumerated() {
            if place == first {
                let between = Array(bytes[line.ending])
                result += Self.dataLines(
                    text, prefix: dataPrefix(of: line, text: text),
                    ending: between.isEmpty ? SSELineEnding.lf.bytes : between,
                    lastEnding: Array(bytes[lines[last].ending]))
            } else if !dataPlaces.contains(place) {
                result += bytes[line.content.lowerBound..<line.ending.upperBound]
            }
        }
        return SSEEvent(frame: result, isTerminated: isTerminated, isFirst: hasByteOrderMark)
    }

    /// What may open a stream in UTF-8.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// `data:` or `data: `, as the frame writes it; a text that starts with a space needs one more.
    private func dataPrefix(of line: SSELine, text: String) -> String {
        let hasSpace = bytes[line.content].starts(with: "data: ".utf8)
        return hasSpace || text.utf8.first == UInt8(ascii: " ") ? "data: " : "data:"
    }

    private static func dataLines(
        _ text: String, prefix: String, ending: [UInt8], lastEnding: [UInt8]? = nil
    ) -> [UInt8] {
        let content = Array(text.utf8)
        var values = SSELine.split(content).map { content[$0.content] }
        if content.isEmpty || content.last == 0x0A || content.last == 0x0D { values.append([]) }
        var bytes: [UInt8] = []
        for (place, value) in values.enumerated() {
            bytes += Array(prefix.utf8) + value
            bytes += place == values.count - 1 ? (lastEnding ?? ending) : ending
        }
        return bytes
    }
}
