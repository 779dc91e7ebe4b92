import Determinism
import WireProtocols

/// A recorded answer from which inputs are made: events one JSON document a line, or one document.
struct RecordedAnswer: Sendable {
    /// The longest answer that makes a good seed, in bytes: small ones are quick to change.
    static let bytesMax = 4 << 10

    /// The lines that say something.
    let lines: [String]

    /// Reads a list of events; nil when it is empty.
    ///
    /// What is too long is cut in the middle, so that beginning and end stay.
    init?(_ text: String) {
        var lines = text.split(whereSeparator: \.isNewline).map(String.init)
        var count = lines.reduce(0) { $0 + $1.utf8.count }
        while count > Self.bytesMax, lines.count > 2 {
            count -= lines.remove(at: lines.count / 2).utf8.count
        }
        guard !lines.isEmpty, count <= Self.bytesMax else { return nil }
        self.lines = lines
    }

    /// The first line, as one document.
    var document: [UInt8] { Array((lines.first ?? "").utf8) }

    /// The events as a server sends them in this framing.
    func stream(_ framing: StreamFraming) -> [UInt8] {
        switch framing {
        case .sse: Array(lines.map(Self.event).joined().utf8) + Array("data: [DONE]\n\n".utf8)
        case .jsonLines: Array(lines.map { $0 + "\n" }.joined().utf8)
        case .jsonArray: Array("[\(lines.joined(separator: ",\r\n"))]".utf8)
        case .awsEventStream: lines.flatMap(Self.message)
        }
    }

    /// A server-sent event, named by its type where it has one.
    private static func event(_ line: String) -> String {
        guard let type = (try? JSONValue.parse(text: line))?["type"]?.stringValue else {
            return "data: \(line)\n\n"
        }
        return "event: \(type)\ndata: \(line)\n\n"
    }

    /// A binary message; an object with one member is the event that the member names.
    private static func message(_ line: String) -> [UInt8] {
        var name = "chunk"
        var payload = Array(line.utf8)
        if case .object(let members) = try? JSONValue.parse(text: line), members.count == 1 {
            name = members[0].key
            payload = members[0].value.encoded()
        }
        let headers = [
            AWSEventMessage.Header(":event-type", name),
            AWSEventMessage.Header(":content-type", "application/json"),
            AWSEventMessage.Header(":message-type", "event"),
        ]
        return AWSEventMessage(headers: headers, payload: payload).bytes
    }
}
