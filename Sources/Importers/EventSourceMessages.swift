import Determinism
import WireProtocols

/// The messages of a server-sent stream as browsers list them beside the body
/// (`_eventSourceMessages`): what a page was told, and when.
struct EventSourceMessages {
    private struct Message {
        var name: String?
        var identifier: String?
        var data: String
        /// Seconds since 1970.
        var time: Double?
    }

    private let messages: [Message]

    /// Nil where the entry has none.
    init?(_ entry: ImportTree) {
        guard let list = entry["_eventSourceMessages"]?.list, !list.isEmpty else { return nil }
        messages = list.map { message in
            Message(
                name: message["eventName"]?.string, identifier: message["eventId"]?.string,
                data: message["data"]?.string ?? "", time: message["time"]?.double)
        }
    }

    /// The stream that tells a client the same.
    ///
    /// Comments and waits for a reconnection are lost.
    var body: [UInt8] {
        messages.flatMap { message in
            var lines: [String] = []
            // What has no name of its own is listed as `message`.
            if let name = message.name, !name.isEmpty, name != "message" {
                lines.append("event: \(name)")
            }
            if let identifier = message.identifier, !identifier.isEmpty {
                lines.append("id: \(identifier)")
            }
            // A carriage return ends a line as well; a client joins lines by a line feed.
            let parts = message.data.split(omittingEmptySubsequences: false) { character in
                ["\n", "\r", "\r\n"].contains(character)
            }
            lines += parts.map { "data: \($0)" }
            return Array((lines.joined(separator: "\n") + "\n\n").utf8)
        }
    }

    /// When each message arrived, counted from the request; nil where that is not known of all, or
    /// where they do not follow each other.
    func instants(since request: Int64?) -> [SimDuration]? {
        guard let request else { return nil }
        var instants: [SimDuration] = []
        for message in messages {
            guard let time = RecordedTime.instant(seconds: message.time), time >= request else {
                return nil
            }
            let instant = SimDuration(nanoseconds: time - request)
            guard instants.last.map({ $0 <= instant }) ?? true else { return nil }
            instants.append(instant)
        }
        return instants
    }
}

extension SyntheticTiming.Schedule {
    /// Each event with the message that it is; what is none, a comment say, with the next one.
    ///
    /// Nil where the messages are not those of the stream.
    init?(_ events: [StreamEvent], _ timing: ImportedTiming) {
        guard let instants = timing.messages, let first = instants.first,
            let last = instants.last, events.count(where: \.isMessage) == instants.count
        else { return nil }
        var place = 0
        let chunks = events.map { event in
            defer { if event.isMessage { place += 1 } }
            return instants[min(place, instants.count - 1)]
        }
        self.init(
            head: min(timing.head ?? first, first), chunks: chunks,
            end: max(timing.end ?? last, last))
    }
}

extension StreamEvent {
    /// Whether a page would be told of it.
    fileprivate var isMessage: Bool { isTerminated && data != nil }
}
