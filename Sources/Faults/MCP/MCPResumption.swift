public import Cassette
import Determinism
import WireProtocols

/// The identifier of an event at which a fault cut a stream, and what comes when it is resumed.
public struct MCPResumption: Hashable, Sendable {
    /// What the resumed stream brings.
    enum Variant: String, Hashable, Sendable, CaseIterable {
        /// All events again, also those that came before the cut, and the response.
        case duplicate
        /// No event at all.
        case missing
        /// The status 404: the stream is not known any more.
        case notFound = "404"
    }

    /// The recorded interaction whose answer was cut.
    public let ordinal: Int
    let variant: Variant

    init(ordinal: Int, variant: Variant) {
        self.ordinal = ordinal
        self.variant = variant
    }

    /// Reads the request by which a client resumes such a stream; nil for any other.
    public init?(_ request: RecordedRequest) {
        guard request.method == "GET", let text = request.headers.first("last-event-id") else {
            return nil
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.mark, let ordinal = Int(parts[1]), ordinal > 0,
            let variant = Variant(rawValue: String(parts[2]))
        else { return nil }
        self.init(ordinal: ordinal, variant: variant)
    }

    private static let mark = "stormtape"

    /// The identifier of the event.
    var text: String { "\(Self.mark)/\(ordinal)/\(variant.rawValue)" }

    /// Whether the recorded answer arrives in the end.
    public var bringsResponse: Bool { variant == .duplicate }

    /// The answer to the request that resumes the stream.
    public func delivery(of recorded: Delivery) -> Delivery {
        switch variant {
        case .duplicate:
            var resumed = recorded
            let isStream =
                recorded.head.flatMap { StreamFraming(announcedBy: $0.headers) } != nil
            if !isStream {
                let event = StreamEvent(
                    event: "message", data: String(decoding: recorded.bodyBytes, as: UTF8.self))
                resumed.head?.headers.set("content-type", "text/event-stream")
                resumed.head?.framing = .chunked
                resumed.body = [Chunk(at: recorded.lastSentAt, bytes: event.bytes)]
            }
            return resumed
        case .missing:
            return Delivery(
                head: DeliveryHead(
                    status: 200, headers: [HeaderField("content-type", "text/event-stream")],
                    framing: .chunked))
        case .notFound:
            return Delivery(status: 404, headers: [], body: [])
        }
    }
}
