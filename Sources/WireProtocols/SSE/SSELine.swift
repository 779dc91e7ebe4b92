/// One line of a frame, by its places in the frame's bytes.
struct SSELine {
    /// What stands before the line ending.
    let content: Range<Int>
    /// The line ending; empty where the bytes end first.
    let ending: Range<Int>

    /// The lines of a frame from a place on; an ending at the very end opens no further line.
    static func split(_ bytes: [UInt8], from start: Int = 0) -> [SSELine] {
        var lines: [SSELine] = []
        var lineStart = start
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x0A || byte == 0x0D else {
                position += 1
                continue
            }
            let isPair = byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
            let end = position + (isPair ? 2 : 1)
            lines.append(SSELine(content: lineStart..<position, ending: position..<end))
            lineStart = end
            position = end
        }
        if lineStart < bytes.count {
            let end = bytes.count
            lines.append(SSELine(content: lineStart..<end, ending: end..<end))
        }
        return lines
    }

    /// The name and the value of the field; the name is empty for a comment.
    ///
    /// One space after the colon belongs to neither; without a colon the whole line is the name.
    func field(in bytes: [UInt8]) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        let line = bytes[content]
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            return (line, line[line.endIndex...])
        }
        var valueStart = colon + 1
        if valueStart < line.endIndex, line[valueStart] == UInt8(ascii: " ") { valueStart += 1 }
        return (line[..<colon], line[valueStart...])
    }

    /// Whether it is a line of the `data` field.
    func isData(in bytes: [UInt8]) -> Bool {
        !content.isEmpty && field(in: bytes).name.elementsEqual("data".utf8)
    }
}
