public import Cassette
public import Determinism

/// How the length of a response body is announced.
public enum BodyFraming: Hashable, Sendable {
    /// `transfer-encoding: chunked`; one HTTP chunk for each chunk of the delivery.
    case chunked
    /// `content-length` with this value, which a fault may make untrue.
    case length(Int)
    /// Neither: the end of the connection is the end of the body.
    case untilClose
    /// No body at all, as for 204 and 304.
    case none
}

/// The head of a response.
public struct DeliveryHead: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// The reason phrase.
    public var reason: String
    /// The header lines without those of framing and connection.
    public var headers: HeaderFields
    /// When it is sent, counted from the moment the request was complete.
    public var at: SimDuration
    /// How the length of the body is announced.
    public var framing: BodyFraming

    /// Creates a head.
    public init(
        status: Int, reason: String = "", headers: HeaderFields = [], at: SimDuration = .zero,
        framing: BodyFraming
    ) {
        self.status = status
        self.reason = reason
        self.headers = headers
        self.at = at
        self.framing = framing
    }
}

/// How a delivery ends on the wire.
public enum DeliveryEnding: String, Hashable, Sendable, CaseIterable {
    /// The framing is completed; the connection stays open.
    case complete
    /// The connection is closed (FIN) without completing the framing.
    case closed
    /// The connection is reset (RST).
    case reset
    /// Nothing more is ever sent and the connection stays open.
    case hang
    /// No connection came about, so there is nothing to deliver.
    case unconnected
    /// The agent is killed before all was sent.
    case killed
    /// GOAWAY, and then the end of the connection; over HTTP/2 only.
    case goAway = "goaway"
    /// RST_STREAM, which ends this stream of the connection; over HTTP/2 only.
    case streamReset = "rst-stream"
}

/// The timed steps that answer one request.
///
/// All instants count from the moment the request was complete and never decrease along
/// head, body and end.
public struct Delivery: Hashable, Sendable {
    /// The head; absent when the connection ends before one is sent.
    public var head: DeliveryHead?
    /// The body; each chunk is written at once, and only after the agent took the one before.
    public var body: [Chunk]
    /// The trailer lines, sent with chunked framing only.
    public var trailers: HeaderFields
    /// How it ends.
    public var ending: DeliveryEnding
    /// When it ends.
    public var endAt: SimDuration
    /// The frame with which it ends; nil for all endings but two.
    public var breakingFrame: BreakingFrame?
    /// How far the agent's wall clock is set before the first step; its other clocks go on.
    public var wallShift: SimDuration = .zero
    /// How the agent ends with it; nil for nearly all.
    public var crash: Crash?
    /// What whoever asked the agent does meanwhile; nil for nearly all.
    public var disturbance: Disturbance?
    /// How the next program ends that the agent starts; nil for nearly all.
    public var programFate: ProgramFate?

    /// Creates a delivery.
    public init(
        head: DeliveryHead?, body: [Chunk] = [], trailers: HeaderFields = [],
        ending: DeliveryEnding = .complete, endAt: SimDuration = .zero
    ) {
        self.head = head
        self.body = body
        self.trailers = trailers
        self.ending = ending
        self.endAt = endAt
    }

    /// The delivery that repeats a recorded interaction.
    public init(_ interaction: Interaction) {
        let ending: DeliveryEnding =
            switch interaction.ending {
            case .complete: .complete
            case .reset, .unreachable: .reset
            case .truncated, .inProgress: .closed
            case .timedOut: .hang
            }
        guard let response = interaction.response else {
            self.init(head: nil, ending: ending == .complete ? .closed : ending)
            return
        }
        self.init(
            head: DeliveryHead(
                status: response.status, reason: response.reason,
                headers: Delivery.endToEnd(response.headers), at: response.headAt,
                framing: Delivery.framing(of: response, method: interaction.request.method)),
            body: response.chunks, trailers: response.trailers, ending: ending,
            endAt: response.endAt)
    }

    /// The delivery that sends one whole body at once.
    public init(
        status: Int, headers: HeaderFields, body: [UInt8], at: SimDuration = .zero
    ) {
        self.init(
            head: DeliveryHead(
                status: status, headers: Delivery.endToEnd(headers), at: at,
                framing: .length(body.count)),
            body: body.isEmpty ? [] : [Chunk(at: at, bytes: body)], endAt: at)
    }

    /// All bytes of the body.
    public var bodyBytes: [UInt8] {
        body.reduce(into: []) { $0.append(contentsOf: $1.bytes) }
    }

    /// Replaces the body by one that is sent whole when the old one ended.
    public mutating func replaceBody(_ bytes: [UInt8]) {
        let at = body.last?.at ?? endAt
        body = bytes.isEmpty ? [] : [Chunk(at: at, bytes: bytes)]
        refitLength()
    }

    /// Makes a `content-length` true again after the body was edited.
    public mutating func refitLength() {
        if case .length = head?.framing {
            head?.framing = .length(body.reduce(0) { $0 + $1.bytes.count })
        }
    }

    private static func endToEnd(_ headers: HeaderFields) -> HeaderFields {
        var kept = headers
        for name in ["connection", "keep-alive", "transfer-encoding", "content-length"] {
            kept.remove(name)
        }
        return kept
    }

    private static func framing(of response: RecordedResponse, method: String) -> BodyFraming {
        if response.status == 204 || response.status == 304 || response.status < 200 {
            return .none
        }
        let announced = response.headers.first("content-length").flatMap { Int($0) }
        if method == "HEAD" { return announced.map { .length($0) } ?? .none }
        if let announced { return .length(announced) }
        return .chunked
    }
}
