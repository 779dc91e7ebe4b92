import Determinism

extension StreamEvent {
    /// The same frame with this JSON as its data, under another name where it has one.
    func replacingJSON(_ value: JSONValue, name: String) -> StreamEvent {
        let event = replacingJSON(value)
        guard case .sse(let frame) = event, frame.event != nil, frame.event != name else {
            return event
        }
        return .sse(frame.renamed(name))
    }
}

extension SSEEvent {
    /// The same frame with another value in each `event` field that has one.
    fileprivate func renamed(_ name: String) -> SSEEvent {
        let byteOrderMarkCount = 3
        var result: [UInt8] = []
        var copied = 0
        for line in SSELine.split(bytes, from: hasByteOrderMark ? byteOrderMarkCount : 0) {
            let (field, value) = line.field(in: bytes)
            guard field.elementsEqual("event".utf8), !value.isEmpty else { continue }
            result += bytes[copied..<value.startIndex]
            result += name.utf8
            copied = value.endIndex
        }
        result += bytes[copied...]
        return SSEEvent(frame: result, isTerminated: isTerminated, isFirst: hasByteOrderMark)
    }
}
