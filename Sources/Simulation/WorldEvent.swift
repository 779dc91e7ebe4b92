public import Cassette
public import Determinism
public import Faults

/// Names one request of one run; numbered from 1 in the order of arrival.
public struct ExchangeID: Hashable, Comparable, Sendable {
    /// The number.
    public let number: Int

    /// Creates an identifier.
    public init(_ number: Int) {
        self.number = number
    }

    /// Orders by arrival.
    public static func < (left: ExchangeID, right: ExchangeID) -> Bool {
        left.number < right.number
    }
}

/// Names one timed wait of the agent.
public struct WaiterID: Hashable, Comparable, Sendable {
    /// The number, given by whoever watches the agent; lower ones were born earlier.
    public let number: Int

    /// Creates an identifier.
    public init(_ number: Int) {
        self.number = number
    }

    /// Orders by birth.
    public static func < (left: WaiterID, right: WaiterID) -> Bool {
        left.number < right.number
    }
}

/// Who is on the way to a connection.
public enum Opener: Hashable, Comparable, Sendable {
    /// A thread, which waits in a call.
    case thread(WaiterID)
    /// A connection to the proxy that leads on to a host; those that were opened earlier have lower
    /// numbers.
    case tunnel(Int)
}

/// A stream of the agent's output.
public enum OutputStream: String, Hashable, Sendable {
    /// Standard output.
    case standardOutput = "stdout"
    /// Standard error.
    case standardError = "stderr"
}

/// What the shell tells the world.
public enum WorldEvent: Hashable, Sendable {
    /// The request of this number, which comes next, came in a stream of HTTP/2.
    case overHTTP2(ExchangeID)
    /// A complete request arrived at the mount of an upstream. The shell numbers requests.
    case request(ExchangeID, upstream: String, RecordedRequest)
    /// The agent took the step of this exchange that was written last.
    case taken(ExchangeID)
    /// The agent closed the connection before the delivery ended.
    case agentClosed(ExchangeID)
    /// The agent began a timed wait that ends after this long unless something wakes it.
    case waits(WaiterID, until: SimInstant)
    /// The agent lets all others go first, for no time at all. How often it does is left to chance:
    /// it is not in the trace.
    case yields(WaiterID)
    /// The agent no longer waits.
    case stopsWaiting(WaiterID)
    /// The agent is about to take a step on the way to a connection to an upstream, and waits for
    /// `answer`. Only told where the plan has a fault that strikes there.
    case asks(Opener, OpeningStep, upstream: String)
    /// Every thread of the agent is durably blocked and nothing is under way.
    case quiescent
    /// The agent wrote output.
    case output(OutputStream, [UInt8])
    /// The program that was to die was started, and is dead.
    case programDied
    /// The agent ended.
    case exited(ExitStatus)
    /// The agent tried to reach an address that is none of the mounts.
    case foreignConnection(String)
    /// The limit of real time for one run was reached.
    case wallLimit
    /// The agent takes more memory, or more processes, than it may; in words that follow "the agent".
    case exceeds(String)
    /// Something about an agent that is a server.
    case inquiry(InquiryEvent)
}

/// One step of a delivery on the wire.
public enum DeliveryStep: Hashable, Sendable {
    /// The status line and the header lines; indirect, so that the many other steps stay small.
    indirect case head(DeliveryHead)
    /// Body bytes, written at once.
    case body([UInt8])
    /// The end of the framing; the connection stays open.
    case end(trailers: HeaderFields)
    /// The end of the connection (FIN).
    case close
    /// The end of the connection (RST).
    case reset
    /// The end of the stream, or of the connection, by a frame of HTTP/2.
    case frame(BreakingFrame)
}

/// What the world tells the shell to do.
public enum WorldAction: Hashable, Sendable {
    /// Write one step; report `taken` when the agent took it. With `--pace real` wait first.
    case send(ExchangeID, DeliveryStep, after: SimDuration)
    /// Set the agent's clock.
    case setClock(SimInstant)
    /// Set the agent's wall clock this far from where it is; its other clocks go on.
    case shiftWall(SimDuration)
    /// Wake this timed wait, its time is over.
    case wake(WaiterID)
    /// Let the step that was asked for end so.
    case answer(Opener, OpeningResult)
    /// Close the connections to the mount of an upstream on which no request is under way, and that
    /// of an exchange with the last byte of its answer: the next request is to open one.
    case closeIdle(upstream: String, after: ExchangeID)
    /// A recorded answer is used up with the step that follows: the agent's entropy starts anew, so
    /// that a retry before does not shift what it draws after.
    case takeConsumed
    /// Do something with an agent that is a server; with a virtual clock never `remind`.
    indirect case inquiry(InquiryAction)
    /// Have the next program that the agent starts end so, in place of beginning.
    case strikeProgram(ProgramFate)
    /// Kill all processes of the agent; its end is told by `exited`.
    case kill
    /// Start the agent once more, as it was started at first.
    case start(Rebirth)
    /// Stop the agent: the run is decided.
    case stop(StopReason)
}

/// Why the world ended a run before the agent did.
public enum StopReason: Hashable, Sendable {
    /// A request is not on the tape and no policy answers it.
    case offTape
    /// The agent waits for something that can never come.
    case hung
    /// A limit of the simulation was reached.
    case limit(String)
    /// A limit of the machine's resources was reached.
    case exhausted(String)
}

/// The actions of one step of the world, in order.
public typealias ActionBuffer = [WorldAction]

/// How time passes in a run.
public enum ClockMode: String, Hashable, Sendable {
    /// The world owns the agent's clock and moves it at quiescence only.
    case virtual
    /// The agent's clock is real: a finite delay is counted and delivered at once.
    case real
}

/// A state machine that decides what happens in a run; the shell only executes its actions.
public protocol WorldMachine: Sendable {
    /// Takes one event and appends what is to be done.
    mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer)
}
