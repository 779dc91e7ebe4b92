public import Determinism

/// A request as the agent sent it, redacted where the recording did so.
public struct RecordedRequest: Hashable, Sendable {
    /// The method in upper case.
    public var method: String
    /// Path and query below the mount of the upstream, starting with a slash.
    public var target: String
    /// The header lines.
    public var headers: HeaderFields
    /// The body after removal of the transfer coding.
    public var body: [UInt8]

    /// Creates a request.
    public init(method: String, target: String, headers: HeaderFields = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The target without its query.
    public var path: String {
        // Over bytes: a walk over characters is many times slower.
        target.utf8.firstIndex(of: 0x3F).map { String(target[..<$0]) } ?? target
    }
}

/// Body bytes that arrived together.
public struct Chunk: Hashable, Sendable {
    /// When they arrived, counted from the moment the request was complete.
    public var at: SimDuration
    /// The bytes after removal of the transfer coding.
    public var bytes: [UInt8]

    /// Creates a chunk.
    public init(at: SimDuration, bytes: [UInt8]) {
        self.at = at
        self.bytes = bytes
    }
}

/// How an interaction ended on the side of the upstream.
public enum Ending: String, Hashable, Sendable, CaseIterable {
    /// The whole response arrived.
    case complete
    /// The upstream reset the connection.
    case reset
    /// The upstream closed the connection before the response was whole.
    case truncated
    /// The upstream did not answer in time.
    case timedOut = "timed-out"
    /// No connection to the upstream could be made.
    case unreachable
    /// The recording stopped before the response ended.
    case inProgress = "in-progress"
}

/// A response as the upstream sent it.
public struct RecordedResponse: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// The reason phrase, which may be empty.
    public var reason: String
    /// The header lines without the hop-by-hop ones.
    public var headers: HeaderFields
    /// When the head arrived, counted from the moment the request was complete.
    public var headAt: SimDuration
    /// The body as it arrived.
    public var chunks: [Chunk]
    /// The trailer lines.
    public var trailers: HeaderFields
    /// When the response ended, counted from the moment the request was complete.
    public var endAt: SimDuration

    /// Creates a response.
    public init(
        status: Int, reason: String = "", headers: HeaderFields = [],
        headAt: SimDuration = .zero, chunks: [Chunk] = [], trailers: HeaderFields = [],
        endAt: SimDuration = .zero
    ) {
        self.status = status
        self.reason = reason
        self.headers = headers
        self.headAt = headAt
        self.chunks = chunks
        self.trailers = trailers
        self.endAt = endAt
    }

    /// The whole body.
    public var body: [UInt8] {
        if chunks.count == 1 { return chunks[0].bytes }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(chunks.reduce(0) { $0 + $1.bytes.count })
        for chunk in chunks { bytes.append(contentsOf: chunk.bytes) }
        return bytes
    }
}

/// One request and all that came back.
public struct Interaction: Hashable, Sendable {
    /// The position in the cassette, from 1, in the order in which requests were complete.
    public var ordinal: Int
    /// The name of the upstream.
    public var upstream: String
    /// When the request was complete, counted from the start of the recording.
    public var startedAt: SimInstant
    /// The request.
    public var request: RecordedRequest
    /// The response; absent when nothing came back.
    public var response: RecordedResponse?
    /// How it ended.
    public var ending: Ending
    /// How many body bytes had been passed on when the agent hung up; absent when it did not.
    public var agentLeftAfterBytes: Int?

    /// Creates an interaction.
    public init(
        ordinal: Int, upstream: String, startedAt: SimInstant = .zero, request: RecordedRequest,
        response: RecordedResponse?, ending: Ending = .complete, agentLeftAfterBytes: Int? = nil
    ) {
        self.ordinal = ordinal
        self.upstream = upstream
        self.startedAt = startedAt
        self.request = request
        self.response = response
        self.ending = ending
        self.agentLeftAfterBytes = agentLeftAfterBytes
    }

    /// Whether the agent got an answer it could work with: status below 400, whole.
    public var succeeded: Bool {
        ending == .complete && (response?.status ?? 599) < 400
    }
}
