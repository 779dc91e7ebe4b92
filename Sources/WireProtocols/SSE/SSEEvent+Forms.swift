/// Other forms in which the same event may be written.
extension SSEEvent {
    private static let space = UInt8(ascii: " ")

    /// A frame that is a comment and nothing else.
    package init(comment: String, ending: [UInt8]) {
        self.init(
            frame: Array(": ".utf8) + Array(comment.utf8) + ending + ending, isTerminated: true,
            isFirst: false)
    }

    /// A frame with one line of data, and perhaps a name.
    package init(event: String? = nil, line: String, ending: [UInt8]) {
        let name = event.map { Array("event: ".utf8) + Array($0.utf8) + ending } ?? []
        self.init(
            frame: name + Array("data: ".utf8) + Array(line.utf8) + ending + ending,
            isTerminated: true, isFirst: false)
    }

    /// The line ending that the frame uses first; a line feed where it has none.
    package var lineEnding: [UInt8] {
        let first = lines.first { !$0.ending.isEmpty }
        return first.map { Array(bytes[$0.ending]) } ?? SSELineEnding.lf.bytes
    }

    /// How many bytes stand before the first line of data; nil when there is none.
    package var dataLineStart: Int? {
        lines.first { $0.isData(in: bytes) }?.content.lowerBound
    }

    /// The same lines with other endings; a blank line has no content.
    package func replacingLineEndings(
        _ next: (_ isBlank: Bool) -> SSELineEnding
    ) -> SSEEvent {
        rewritten { line in
            bytes[line.content] + (line.ending.isEmpty ? [] : next(line.content.isEmpty).bytes)
        }
    }

    /// The same fields without the space that may follow the colon.
    ///
    /// A comment stays, and so does a value that itself begins with a space.
    package var withoutSpaces: SSEEvent {
        rewritten { line in
            let (name, value) = line.field(in: bytes)
            let isSpaced = value.startIndex > name.endIndex + 1
            guard !name.isEmpty, isSpaced, value.first != Self.space else {
                return Array(bytes[line.content.lowerBound..<line.ending.upperBound])
            }
            return name + [UInt8(ascii: ":")] + value + bytes[line.ending]
        }
    }

    /// The same frame behind a byte order mark.
    package var withByteOrderMark: SSEEvent {
        hasByteOrderMark
            ? self
            : SSEEvent(
                frame: Self.byteOrderMark + bytes, isTerminated: isTerminated, isFirst: true)
    }

    /// The same frame with one more field in front.
    package func adding(field name: String, _ value: String) -> SSEEvent {
        let line = Array("\(name): \(value)".utf8) + lineEnding
        let start = hasByteOrderMark ? Self.byteOrderMark.count : 0
        return SSEEvent(
            frame: bytes[..<start] + line + bytes[start...], isTerminated: isTerminated,
            isFirst: hasByteOrderMark)
    }

    private var lines: [SSELine] {
        SSELine.split(bytes, from: hasByteOrderMark ? Self.byteOrderMark.count : 0)
    }

    private func rewritten(_ change: (SSELine) -> [UInt8]) -> SSEEvent {
        var result = hasByteOrderMark ? Self.byteOrderMark : []
        for line in lines { result += change(line) }
        return SSEEvent(frame: result, isTerminated: isTerminated, isFirst: hasByteOrderMark)
    }
}
