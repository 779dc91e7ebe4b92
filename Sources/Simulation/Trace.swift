public import Cassette
public import Determinism
public import Faults
public import WireProtocols

/// Where an answer came from.
public enum AnswerSource: String, Hashable, Sendable {
    /// The recorded interaction that was due.
    case recorded
    /// A recorded interaction that was already given, in altered form, and is given again clean.
    case reask = "re-ask"
    /// A recorded interaction, found after text that a fault put there was mapped back.
    case echo
    /// A recorded interaction, found after the changed prompt was mapped back: what the model said
    /// to the prompt that was recorded.
    case prompt
    /// The most alike recorded interaction.
    case nearest
    /// A scripted answer.
    case stub
    /// What its protocol demands, whoever is asked: a notification is accepted.
    case protocolReply = "protocol"
    /// None: the request is not on the tape.
    case miss

    /// Whether the answer is assumed: nobody recorded it for this request.
    public var isAssumed: Bool {
        switch self {
        case .echo, .prompt, .nearest, .stub: true
        case .recorded, .reask, .protocolReply, .miss: false
        }
    }
}

/// One fault as it met a delivery.
public struct FaultRecord: Hashable, Sendable {
    /// The planned fault.
    public var planned: PlannedFault
    /// What became of it.
    public var outcome: FaultFate

    /// Creates a record.
    public init(planned: PlannedFault, outcome: FaultFate) {
        self.planned = planned
        self.outcome = outcome
    }
}

/// One step of a delivery, on the exchange's own time line.
public struct StepRecord: Hashable, Sendable {
    /// When it is due, counted from the moment the request was complete.
    public var at: SimDuration
    /// `head`, `body`, `end`, `close`, `reset` or `hang`.
    public var kind: String
    /// How many body bytes it carries.
    public var byteCount: Int

    /// Creates a step.
    public init(at: SimDuration, kind: String, byteCount: Int) {
        self.at = at
        self.kind = kind
        self.byteCount = byteCount
    }
}

/// One request of the run and what it got.
public struct ExchangeRecord: Sendable, Hashable {
    /// Its number in the order in which requests were answered.
    public var id: ExchangeID
    /// The upstream.
    public var upstream: String
    /// The kind of the upstream.
    public var kind: UpstreamKind
    /// The request.
    public var request: RecordedRequest
    /// The fingerprint of the recorded request that answers, else of the one that was asked.
    public var fingerprint: Fingerprint
    /// Where the answer came from.
    public var source: AnswerSource
    /// The recorded interaction that answered, by ordinal.
    public var ordinal: Int?
    /// Which take of its fingerprint that is, from 1; 0 when nothing recorded answered.
    public var take: Int
    /// How often that take was asked for, from 1; 0 when nothing recorded answered.
    public var attempt: Int
    /// Whether the request may change the world.
    public var sideEffecting: Bool
    /// The idempotency key that it carries.
    public var idempotencyKey: String?
    /// The faults that were planned for it.
    public var faults: [FaultRecord]
    /// The status that was delivered; nil when no head was.
    public var status: Int?
    /// The header lines of that head.
    public var headers = HeaderFields()
    /// The body that was to be delivered; `sentBody` is what was written of it.
    public var body: [UInt8] = []
    /// The identifier of the protocol in which the answer is read; nil for plain HTTP.
    public var wire: String?
    /// The steps of the delivery.
    public var steps: [StepRecord]
    /// How many of them were written.
    public var sentCount: Int
    /// SHA-256 over the delivery: its steps with their instants and bytes.
    public var delivery: Digest?
    /// How the delivery was meant to end.
    public var ending: DeliveryEnding
    /// What the delivered body says, for a model.
    public var answer: AnswerSummary?
    /// Whether the agent closed the connection first.
    public var cancelled: Bool
    /// Whether the recorded answer was consumed.
    public var consumed: Bool
    /// When the request arrived, on the clock of the run.
    public var arrivedAt: SimInstant
    /// Whether it came in a stream of HTTP/2.
    public var isOverHTTP2 = false
    /// The report, for a miss.
    public var miss: MissReport?

    /// Creates a record of a request that has no answer yet.
    public init(
        id: ExchangeID, upstream: String, kind: UpstreamKind, request: RecordedRequest,
        fingerprint: Fingerprint, arrivedAt: SimInstant
    ) {
        self.id = id
        self.upstream = upstream
        self.kind = kind
        self.request = request
        self.fingerprint = fingerprint
        self.arrivedAt = arrivedAt
        source = .miss
        take = 0
        attempt = 0
        sideEffecting = false
        faults = []
        steps = []
        sentCount = 0
        ending = .complete
        cancelled = false
        consumed = false
    }

    /// What was written of the body.
    public var sentBody: ArraySlice<UInt8> {
        body.prefix(steps.prefix(sentCount).reduce(0) { $0 + $1.byteCount })
    }

    /// How long the delivery took on its own time line.
    public var duration: SimDuration {
        steps.last?.at ?? .zero
    }

    /// The faults that changed it.
    public var fired: [PlannedFault] {
        faults.filter { $0.outcome == .fired }.map(\.planned)
    }
}

/// How a run ended.
public enum RunEnd: Hashable, Sendable {
    /// The agent ended by itself.
    case exited(ExitStatus)
    /// The agent, a server, ended well when it was told to.
    case dismissed(ExitStatus)
    /// The world stopped it.
    case stopped(StopReason)
    /// The limit of real time was reached.
    case wallLimit
}

/// One entry of the global log, in the order in which the world saw things.
public enum TraceEvent: Hashable, Sendable {
    /// A request arrived.
    case request(ExchangeID)
    /// A step of an exchange was written; the index counts the delivery's steps from 0.
    case step(ExchangeID, index: Int)
    /// The agent closed the connection of an exchange.
    case agentClosed(ExchangeID)
    /// The agent began a timed wait.
    case waits(WaiterID, until: SimInstant)
    /// A timed wait ran out.
    case woke(WaiterID)
    /// The agent wrote output.
    case output(OutputStream, byteCount: Int)
    /// The agent tried to reach a foreign address.
    case foreign(String)
    /// Something about an agent that is a server.
    case inquiry(InquiryEntry)
    /// A program that it started died, as a fault had it.
    case programDied
    /// The agent was killed by a fault; so many requests that it had sent count as not sent.
    case killed(unsent: Int)
    /// It was started again; the first life was 1.
    case started(life: Int)
    /// The run ended.
    case ended(RunEnd)
}

/// The canonical log of a run.
public struct Trace: Hashable, Sendable {
    /// The hash of the cassette.
    public var cassette: Digest
    /// How time passed.
    public var clock: ClockMode
    /// The exchanges in the order in which they were answered.
    public var exchanges: [ExchangeRecord]
    /// The global log with the instant of each entry.
    public var log: [(at: SimInstant, event: TraceEvent)] { Array(entries) }
    /// Everything written to standard output, up to the limit.
    public var standardOutput: [UInt8]
    /// Everything written to standard error, up to the limit.
    public var standardError: [UInt8]
    /// How the run ended; nil while it runs.
    public var end: RunEnd?
    /// How much of both was written when the run ended; nil for all.
    ///
    /// What an agent writes while it is stopped depends on how long that takes.
    var standardOutputAtEnd: Int?
    var standardErrorAtEnd: Int?
    /// The planned faults whose anchor was never reached.
    public var unreached: [PlannedFault]
    /// Recorded interactions that were never given whole, by ordinal.
    public var unplayed: [Int]
    /// Faults that did not fire, and for whose sake the agent was offered HTTP/2 and took it: a closed
    /// plan holds them too.
    public var idleOffers: [PlannedFault] = []
    /// The threads of an agent that hangs and what each waits in; no part of the digest.
    public var waiting: [String] = []
    /// What an agent that is a server was asked, and what it answered; empty for any other.
    public var asked: [AskedRecord] = []
    /// Those of them whose answers somebody waits for.
    public var awaited: [AskedRecord] { asked.filter { $0.ending != .interrupted } }
    /// What such an agent owes at the end, as a noun; no part of the digest.
    public var unmet: String?
    var entries: TraceLog

    /// Creates an empty trace.
    public init(cassette: Digest, clock: ClockMode) {
        self.cassette = cassette
        self.clock = clock
        exchanges = []
        standardOutput = []
        standardError = []
        unreached = []
        unplayed = []
        entries = TraceLog()
    }

    /// Appends to the global log.
    public mutating func append(_ event: TraceEvent, at instant: SimInstant) {
        entries.append(event, at: instant)
    }

    /// How many entries the global log has.
    public var eventCount: Int { entries.count }

    /// Foreign addresses that the agent tried to reach, each once, in order.
    public var foreignAddresses: [String] {
        entries.others.reduce(into: []) { found, event in
            if case .foreign(let address) = event, !found.contains(address) {
                found.append(address)
            }
        }
    }

    /// The time that the run took: the clock's last instant, or, when the agent's clock is
    /// real, the sum of its deliveries.
    public var duration: SimDuration {
        switch clock {
        case .virtual: SimInstant.zero.duration(to: entries.lastInstant)
        case .real: exchanges.reduce(.zero) { $0 + $1.duration }
        }
    }

    /// The first exchange with an assumed answer.
    public var firstAssumed: ExchangeID? {
        exchanges.first { $0.source.isAssumed }?.id
    }
}

extension Trace {
    /// The planned faults that changed a delivery, in the order of the exchanges.
    public var firedFaults: [PlannedFault] {
        exchanges.flatMap(\.fired)
    }
}
