public import Cassette
public import Determinism

/// Where a fault applies: the attempt at a take of a fingerprint.
public struct Anchor: Hashable, Sendable {
    /// The request.
    public var fingerprint: Fingerprint
    /// Which recorded answer is due, from 1.
    public var take: Int
    /// How often it was asked for, from 1; nil for every attempt.
    public var attempt: Int?
    /// The upstream, for the fallback when the fingerprint is not on the tape.
    public var upstream: String
    /// The recorded call of the upstream, from 1, for the same fallback.
    public var call: Int

    /// Creates an anchor.
    public init(fingerprint: Fingerprint, take: Int, attempt: Int?, upstream: String, call: Int) {
        self.fingerprint = fingerprint
        self.take = take
        self.attempt = attempt
        self.upstream = upstream
        self.call = call
    }
}

/// One fault with its anchor and concrete parameters.
public struct PlannedFault: Hashable, Sendable {
    /// The identifier of the fault.
    public var fault: String
    /// Where it applies.
    public var anchor: Anchor
    /// Its parameters, all of them.
    public var parameters: FaultParameters

    /// Creates a planned fault.
    public init(fault: String, anchor: Anchor, parameters: FaultParameters) {
        self.fault = fault
        self.anchor = anchor
        self.parameters = parameters
    }
}

/// What happens to a request that is not on the tape.
public enum OffTapePolicy: String, Hashable, Sendable, CaseIterable {
    /// Text that a fault of this run put there is mapped back; else the run stops.
    case echo
    /// The run stops.
    case fail
    /// The most alike recorded interaction of the same shape answers.
    case nearest
    /// A scripted answer is given; else the run stops.
    case stub
}

/// A scripted answer for requests that are not on the tape.
public struct Stub: Hashable, Sendable {
    /// The upstream it is for; nil for all.
    public var upstream: String?
    /// The route it is for, as `METHOD /path`; nil for all.
    public var route: String?
    /// A text that the request body must contain; nil for all.
    public var contains: String?
    /// The status code.
    public var status: Int
    /// The media type.
    public var contentType: String
    /// The body.
    public var body: String

    /// Creates a stub.
    public init(
        upstream: String? = nil, route: String? = nil, contains: String? = nil,
        status: Int = 200, contentType: String = "application/json", body: String
    ) {
        self.upstream = upstream
        self.route = route
        self.contains = contains
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// The explicit list of faults, and all else that decides a run.
public struct Plan: Hashable, Sendable {
    /// The version of the plan's form.
    public static let schemaVersion = 1

    /// The hash of the cassette it was made for.
    public var cassette: Digest
    /// The seed by which concurrent requests are ordered.
    public var order: Seed
    /// At which choices among concurrent requests the one that would go first is put behind all
    /// others from then on, counted from 1; of two that were put back, the earlier in this list is
    /// the later to go.
    public var orderChanges: [Int]
    /// The faults in plan order.
    public var faults: [PlannedFault]
    /// The invariants in their JSON form.
    public var invariants: [JSONValue]
    /// What happens off the tape.
    public var offTape: OffTapePolicy
    /// The scripted answers.
    public var stubs: [Stub]
    /// The declared normalisers.
    public var normalisers: [Normaliser]
    /// The prompt given to the agent; nil for the recorded one.
    public var prompt: String?

    /// Creates a plan.
    public init(
        cassette: Digest, order: Seed = Seed(0), orderChanges: [Int] = [],
        faults: [PlannedFault] = [], invariants: [JSONValue] = [], offTape: OffTapePolicy = .echo,
        stubs: [Stub] = [],
        normalisers: [Normaliser] = [], prompt: String? = nil
    ) {
        self.cassette = cassette
        self.order = order
        self.orderChanges = orderChanges
        self.faults = faults
        self.invariants = invariants
        self.offTape = offTape
        self.stubs = stubs
        self.normalisers = normalisers
        self.prompt = prompt
    }
}
