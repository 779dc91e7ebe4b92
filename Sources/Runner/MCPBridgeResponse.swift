internal import Cassette
internal import Faults
internal import Gateway

/// Reads one answer of a mount as it arrives.
final class MCPBridgeResponse {
    /// What came.
    enum Event: Hashable {
        /// The status, and what the server's pipes are to do.
        case head(Int, pipe: String?)
        /// Bytes of the body.
        case body([UInt8])
        /// The end of the body.
        case end
    }

    private enum Phase {
        case head
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailers
        case length(Int)
        case untilClose
        case over
    }

    private var phase = Phase.head
    private var buffer: [UInt8] = []

    /// Whether the end of the connection is the regular end of the body.
    var endsWithConnection: Bool {
        if case .untilClose = phase { true } else { false }
    }

    /// Takes more bytes.
    func push(_ bytes: [UInt8]) -> [Event] {
        buffer += bytes
        var events: [Event] = []
        while step(&events) {}
        return events
    }

    /// Goes on as far as one step; false when more bytes are needed.
    private func step(_ events: inout [Event]) -> Bool {
        switch phase {
        case .head: return readHead(&events)
        case .chunkSize:
            guard let line = takeLine() else { return false }
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
            phase = size == 0 ? .trailers : .chunk(size)
        case .chunk(let left):
            guard let part = takeBody(left) else { return false }
            events.append(.body(part))
            phase = part.count == left ? .chunkEnd : .chunk(left - part.count)
        case .chunkEnd:
            guard takeLine() != nil else { return false }
            phase = .chunkSize
        case .trailers:
            guard let line = takeLine() else { return false }
            if line.isEmpty { end(&events) }
        case .length(let left):
            guard let part = takeBody(left) else { return false }
            events.append(.body(part))
            phase = .length(left - part.count)
            if part.count == left { end(&events) }
        case .untilClose:
            guard let part = takeBody(.max) else { return false }
            events.append(.body(part))
        case .over: return false
        }
        return true
    }

    private func readHead(_ events: inout [Event]) -> Bool {
        guard let end = HeadEnd.index(in: buffer) else { return false }
        let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
        buffer.removeSubrange(..<end)
        var headers = HeaderFields()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append(String(line[..<colon]), String(value))
        }
        let words = (lines.first ?? "").split(separator: " ")
        let status = words.count > 1 ? Int(words[1]) ?? 500 : 500
        events.append(.head(status, pipe: headers.first(MCPPipe.header)))
        if status == 204 || status == 304 {
            self.end(&events)
        } else if headers.first("transfer-encoding").map(asciiLowercased) == "chunked" {
            phase = .chunkSize
        } else if let length = headers.first("content-length").flatMap({ Int($0) }) {
            phase = .length(length)
            if length == 0 { self.end(&events) }
        } else {
            phase = .untilClose
        }
        return true
    }

    private func end(_ events: inout [Event]) {
        phase = .over
        events.append(.end)
    }

    private func takeLine() -> [UInt8]? {
        guard let end = buffer.firstIndex(of: 0x0A) else { return nil }
        var line = Array(buffer[..<end])
        if line.last == 0x0D { line.removeLast() }
        buffer.removeSubrange(...end)
        return line
    }

    private func takeBody(_ limit: Int) -> [UInt8]? {
        guard !buffer.isEmpty, limit > 0 else { return nil }
        let part = Array(buffer.prefix(limit))
        buffer.removeFirst(part.count)
        return part
    }
}
