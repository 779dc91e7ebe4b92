public import Cassette
public import Determinism

/// What an agent that is a server is asked, and where.
public struct Questions: Hashable, Sendable {
    /// The port of 127.0.0.1 where it is to listen.
    public var port: Int
    /// The path that is asked until it answers with a status of 2xx; nil when listening is enough.
    public var ready: String?
    /// The requests, in order; each is sent when the answer to the one before is whole.
    public var requests: [RecordedRequest]
    /// How long the agent may take until it listens and is ready.
    public var readyWithin: SimDuration
    /// For how long nothing may happen in the run while an answer is awaited; on the agent's real
    /// clock, how long an answer may take.
    public var patience: SimDuration

    /// How long is waited between two looks whether it is ready.
    static let readyInterval = SimDuration.milliseconds(100)
    /// How long it may take to end when it is told to.
    static let endWithin = SimDuration.seconds(10)

    /// Creates questions.
    public init(
        port: Int, ready: String? = nil, requests: [RecordedRequest],
        readyWithin: SimDuration = .seconds(300), patience: SimDuration = .seconds(900)
    ) {
        self.port = port
        self.ready = ready
        self.requests = requests
        self.readyWithin = readyWithin
        self.patience = patience
    }
}

/// How far a request to an agent came.
public enum AskedEnding: String, Hashable, Sendable {
    /// It was never sent.
    case unasked
    /// It was sent, and the answer is not whole yet.
    case open
    /// Whoever asked hung up: nobody waits for the answer.
    case interrupted
    /// The connection was refused, or ended before the answer was whole.
    case cut
    /// The answer is whole.
    case complete
}

/// What came back for one request to an agent.
public struct Reply: Hashable, Sendable {
    /// Which of the requests that were sent it is for, from 1; nil for the last.
    public var ask: Int?
    /// Whether there was a connection at all.
    public var isConnected: Bool
    /// Whether the answer is whole.
    public var isWhole: Bool
    /// The status; nil when no head came.
    public var status: Int?
    /// Its header lines.
    public var headers: HeaderFields
    /// The body, as far as it came.
    public var body: [UInt8]

    /// Creates a reply.
    public init(
        isConnected: Bool = true, isWhole: Bool, status: Int?, headers: HeaderFields = [],
        body: [UInt8] = []
    ) {
        self.isConnected = isConnected
        self.isWhole = isWhole
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Nobody listened.
    public static let refused = Reply(isConnected: false, isWhole: false, status: nil)
}

/// One request to an agent that is a server, and its answer.
public struct AskedRecord: Hashable, Sendable {
    /// The request.
    public var request: RecordedRequest
    /// The request that it repeats, by the index; nil for one that is no repetition.
    public var repeats: Int?
    /// How far it came.
    public var ending: AskedEnding = .unasked
    /// The status of the answer; nil when there was none.
    public var status: Int?
    /// The header lines that say what the answer is.
    public var headers: HeaderFields = []
    /// The body of the answer.
    public var body: [UInt8] = []

    /// Headers that are kept; others, as `date`, say nothing of the agent.
    private static let keptHeaders = ["content-type", "location", "retry-after"]

    /// Creates the record of a request that was not sent yet.
    public init(request: RecordedRequest, repeats: Int? = nil) {
        self.request = request
        self.repeats = repeats
    }

    /// Whether the answer is whole and no error of the server, or nobody waits for it.
    public var isFine: Bool {
        ending == .interrupted || (ending == .complete && (status ?? 599) < 500)
    }

    mutating func take(_ reply: Reply) {
        ending = reply.isWhole ? .complete : .cut
        status = reply.status
        body = reply.body
        headers = HeaderFields(
            Self.keptHeaders.compactMap { name in
                reply.headers.first(name).map { HeaderField(name, $0) }
            })
    }
}
